internal import Database
internal import FastCGI

/// A page of a list of videos.
struct VideoPage: Equatable {
  var filter = VideoFilter()
  /// `newest` or `oldest` change first; nil for the latest events in the history, if there is no other condition.
  var order: String?
  /// The video at which the previous page ended.
  var after: Cursor?
  /// The length of a page.
  var limit = 24

  /// The end of a page, as its answer tells it: `at~id`.
  struct Cursor: Equatable {
    /// The last change, in microseconds since 1970.
    let at: Int
    let id: VideoID

    /// The years 1 to 9999, which cover nearly all times of the database.
    private static let times = -62_135_596_800_000_000...253_402_300_799_999_999

    init(_ text: String) throws(BadRequest) {
      let parts = text.split(separator: "~", omittingEmptySubsequences: false)
      guard parts.count == 2, let at = Int(parts[0]), Self.times.contains(at), let id = VideoID(parts[1]) else {
        throw BadRequest(text: "after is not what a page has answered: its next.at, a tilde and its next.id")
      }
      self.at = at
      self.id = id
    }
  }

  init() {}

  /// - Parameter fields: the fields of the query, which include `videos`.
  init(fields: [String: String]) throws(BadRequest) {
    let state = fields["videos"] ?? ""
    guard state == "recent" || VideoFilter.states.contains(state) else {
      throw BadRequest(text: "videos is not one of recent, \(VideoFilter.states.joined(separator: ", "))")
    }
    var filter = VideoFilter()
    filter.state = state == "recent" ? nil : state
    filter.text = fields["text"]
    filter.class = fields["class"]
    filter.reason = fields["reason"]
    filter.host = fields["host"]
    filter.tenant = fields["tenant"]
    filter.since = fields["since"]
    filter.until = fields["until"]
    self.filter = try filter.checked()
    if let order = fields["order"] {
      guard ["newest", "oldest"].contains(order) else { throw BadRequest(text: "order is not one of newest, oldest") }
      self.order = order
    }
    after = try fields["after"].map { (text) throws(BadRequest) in try Cursor(text) }
  }
}
