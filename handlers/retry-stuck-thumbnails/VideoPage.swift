internal import Database
internal import FoundationEssentials

/// A page of a list of videos.
struct VideoPage: Equatable {
  var filter = VideoFilter()
  /// `newest` or `oldest` change first; nil for what happened last, by the history, where nothing else is asked for.
  var order: String?
  /// After the video at which the page before ended.
  var after: Cursor?
  /// How many videos a page has.
  var limit = 24

  /// Where a page ends, as its answer says it: `at~id`.
  struct Cursor: Equatable {
    /// The last change, in microseconds since 1970.
    let at: Int
    let id: VideoID

    /// The years 1 to 9999: the database's own times end not far behind.
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

  /// - Parameter fields: of the query; `videos` is there.
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
