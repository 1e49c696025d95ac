internal import Database
internal import FastCGI
internal import FoundationEssentials

/// What the query of a GET asks for.
enum ReportRequest: Equatable {
  /// No field except `limit`: health, failures, queue, and what the next sweep would do. If nil, the lists are as long as fits into 8 KB.
  case report(limit: Int?)
  /// `history=24h` or `history=7d`.
  case history(hours: Int)
  /// `videos=recent` or a state, with `text`, `class`, `reason`, `host`, `tenant`, `since`, `until`, `order`, `after` and `limit` (default
  /// 24).
  case videos(VideoPage)
  /// `videoId=uuid`: the history of one video.
  case timeline(VideoID)
  /// `videoId=uuid&url=full`: the whole URL of a video.
  case sourceURL(VideoID)

  static let limitRange = 1...200
  private static let names = ["limit", "history", "videos", "videoId", "url"] + filterNames
  private static let filterNames = ["text", "class", "reason", "host", "tenant", "since", "until", "order", "after"]

  init(query: String) throws(BadRequest) {
    let fields = try Self.fields(of: query)
    let limit = try fields["limit"].map(Self.limit(_:))
    if fields["videos"] == nil, let name = Self.filterNames.first(where: { fields[$0] != nil }) {
      throw BadRequest(text: "\(name) needs videos")
    }
    if fields["videoId"] == nil, fields["url"] != nil { throw BadRequest(text: "url needs a videoId") }
    switch (fields["videoId"], fields["videos"], fields["history"]) {
    case (nil, nil, nil): self = .report(limit: limit)
    case (let text?, nil, nil):
      guard let id = VideoID(text) else { throw BadRequest(text: "videoId is not a \(VideoID.form)") }
      guard fields["url"] ?? "full" == "full" else { throw BadRequest(text: "url is not full") }
      self = fields["url"] == nil ? .timeline(id) : .sourceURL(id)
    case (nil, _?, nil):
      var page = try VideoPage(fields: fields)
      page.limit = limit ?? page.limit
      self = .videos(page)
    case (nil, nil, let window?):
      guard let hours = ["24h": 24, "7d": 168][window] else { throw BadRequest(text: "history is not one of 24h, 7d") }
      self = .history(hours: hours)
    default: throw BadRequest(text: "videoId, videos and history exclude each other")
    }
  }

  private static func fields(of query: String) throws(BadRequest) -> [String: String] {
    // A plus means a blank, as in forms.
    let components = URLComponents(string: "?" + query.replacing("+", with: "%20"))
    let items = components?.queryItems ?? []
    // A name or a value that is not UTF-8 is left out of the decoded items: it would be a condition less.
    let isWhole = zip(items, components?.percentEncodedQueryItems ?? []).allSatisfy { item, sent in
      item.name.isEmpty == sent.name.isEmpty && (item.value == nil) == (sent.value == nil)
    }
    guard components != nil, isWhole else { throw BadRequest(text: "The query cannot be read") }
    var fields: [String: String] = [:]
    for item in items where !item.name.isEmpty {
      guard names.contains(item.name) else {
        throw BadRequest(text: "\(item.name.prefix(40)) is not known: \(names.joined(separator: ", ")) are")
      }
      guard fields.updateValue(item.value ?? "", forKey: item.name) == nil else {
        throw BadRequest(text: "\(item.name) is there more than once")
      }
    }
    return fields
  }

  private static func limit(_ text: String) throws(BadRequest) -> Int {
    guard let limit = Int(text), limitRange.contains(limit) else {
      throw BadRequest(text: "limit is not a number from \(Self.limitRange.inWords)")
    }
    return limit
  }
}
