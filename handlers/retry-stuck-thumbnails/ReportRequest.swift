internal import FoundationEssentials

/// What the query of a GET asks for.
enum ReportRequest: Equatable {
  /// No field but `limit`: health, failures, queue, and what the next sweep would do. Nil: as long as fits in 8 KB.
  case report(limit: Int?)
  /// `history=24h` or `history=7d`.
  case history(hours: Int)
  /// `videos=recent`, or one of the states; also `limit` (24).
  case videos(state: String?, limit: Int)
  /// `videoId=uuid`: one video's life.
  case timeline(String)

  static let limitRange = 1...200

  init(query: String) throws(BadRequest) {
    guard let items = URLComponents(string: "?" + query)?.queryItems ?? (query.isEmpty ? [] : nil) else {
      throw BadRequest(text: "The query cannot be read")
    }
    var fields: [String: String] = [:]
    for item in items where !item.name.isEmpty {
      guard ["limit", "history", "videos", "videoId"].contains(item.name) else {
        throw BadRequest(text: "\(item.name.prefix(40)) is not known: limit, history, videos and videoId are")
      }
      fields[item.name] = item.value ?? ""
    }
    let limit = try fields["limit"].map(Self.limit(_:))
    switch (fields["videoId"], fields["videos"], fields["history"]) {
    case (nil, nil, nil): self = .report(limit: limit)
    case (let text?, nil, nil):
      guard let id = UUID(uuidString: text) else { throw BadRequest(text: "videoId is not a UUID") }
      self = .timeline(id.uuidString.lowercased())
    case (nil, let state?, nil):
      guard ["recent", "completed", "failed", "processing", "pending"].contains(state) else {
        throw BadRequest(text: "videos is not one of recent, completed, failed, processing, pending")
      }
      self = .videos(state: state == "recent" ? nil : state, limit: limit ?? 24)
    case (nil, nil, let window?):
      guard let hours = ["24h": 24, "7d": 168][window] else { throw BadRequest(text: "history is not one of 24h, 7d") }
      self = .history(hours: hours)
    default: throw BadRequest(text: "videoId, videos and history exclude each other")
    }
  }

  private static func limit(_ text: String) throws(BadRequest) -> Int {
    guard let limit = Int(text), limitRange.contains(limit) else {
      throw BadRequest(text: "limit is not a number from 1 to 200")
    }
    return limit
  }
}
