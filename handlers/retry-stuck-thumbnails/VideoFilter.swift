internal import Database
internal import FoundationEssentials

/// Which videos are meant; a nil field does not matter. The database understands it as JSON of the same names.
struct VideoFilter: Codable, Equatable {
  /// completed, failed, dismissed, processing or pending.
  var state: String?
  /// The beginning of the id, or something in the title or the URL.
  var text: String?
  /// Of the failure; `unknown` for none, several with commas between.
  var `class`: String?
  /// The text of the failure.
  var reason: String?
  /// Of the video's URL, with the port where it has one.
  var host: String?
  /// The uploader: its id, or the name under which the queue keeps it.
  var tenant: String?
  /// Changed last at this time or later.
  var since: String?
  /// Changed last before this time.
  var until: String?
  /// Only these.
  var ids: [VideoID]?

  static let states = ["completed", "failed", "dismissed", "processing", "pending"]
  /// What callers may name; `ids` are the request's own `videoIds`.
  static let fieldsOfRequests = CodingKeys.allCases.filter { $0 != .ids }.map(\.rawValue)
  static let longestText = 500
  static let mostIDs = 1000

  private enum CodingKeys: String, CodingKey, CaseIterable {
    case state, text, `class`, reason, host, tenant, since, until, ids
  }

  init() {}

  /// Itself, if each field is what it has to be.
  func checked() throws(BadRequest) -> VideoFilter {
    if let state, !Self.states.contains(state) {
      throw BadRequest(text: "state is not one of \(Self.states.joined(separator: ", "))")
    }
    for (name, value) in [("text", text), ("class", `class`), ("reason", reason), ("host", host), ("tenant", tenant)] {
      guard let value else { continue }
      guard value.unicodeScalars.count <= Self.longestText, !value.unicodeScalars.contains("\0") else {
        throw BadRequest(text: "\(name) is longer than \(Self.longestText) characters, or not text")
      }
    }
    for (name, value) in [("since", since), ("until", until)] {
      if let value, !TimeText.isTime(value) {
        throw BadRequest(text: "\(name) is not a time, for example 2030-01-31T12:00:00.000Z")
      }
    }
    return self
  }

  /// JSON for the functions of the queue. It throws because a fallback, an empty object, would mean all videos.
  var json: String { get throws { String(decoding: try JSONEncoder().encode(self), as: UTF8.self) } }
}
