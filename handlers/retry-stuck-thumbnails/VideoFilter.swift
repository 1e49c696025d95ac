internal import Database
internal import FastCGI
internal import FoundationEssentials

/// Selects videos; a nil field is no condition. The database gets it as JSON with the same names.
struct VideoFilter: Codable, Equatable {
  /// completed, failed, dismissed, processing or pending.
  var state: String?
  /// The beginning of the id, or a part of the title or the URL.
  var text: String?
  /// The class of the failure; `unknown` for no class, or several separated by commas.
  var `class`: String?
  /// The text of the failure.
  var reason: String?
  /// The host of the video's URL, with the port if it has one.
  var host: String?
  /// The uploader: its id, or the name under which the queue has it.
  var tenant: String?
  /// Last changed at this time or later.
  var since: String?
  /// Last changed before this time.
  var until: String?
  /// Only these videos.
  var ids: [VideoID]?

  static let states = ["completed", "failed", "dismissed", "processing", "pending"]
  /// The fields that callers may use; `ids` come from the request's `videoIds`.
  static let fieldsOfRequests = CodingKeys.allCases.filter { $0 != .ids }.map(\.rawValue)
  static let longestText = 500
  static let mostIDs = 1000

  private enum CodingKeys: String, CodingKey, CaseIterable {
    case state, text, `class`, reason, host, tenant, since, until, ids
  }

  init() {}

  /// Returns itself if each field is valid.
  func checked() throws(BadRequest) -> VideoFilter {
    if let state, !Self.states.contains(state) {
      throw BadRequest(text: "state is not one of \(Self.states.joined(separator: ", "))")
    }
    for (name, value) in [("text", text), ("class", `class`), ("reason", reason), ("host", host), ("tenant", tenant)] {
      try RequestText.checkLength(of: value, name, atMost: Self.longestText)
    }
    try RequestText.checkTime(since, "since")
    try RequestText.checkTime(until, "until")
    return self
  }

  /// JSON for the database's functions. It throws instead of falling back to an empty object, which would mean all videos.
  var json: String { get throws { String(decoding: try JSONEncoder().encode(self), as: UTF8.self) } }
}
