package import DatabaseClient
internal import FoundationEssentials

/// The id of a video: a UUID in lower case, as the database writes it. Only this file knows its form and its type.
package struct VideoID: Hashable, Sendable, Codable, CustomStringConvertible {
  /// The name of the form, used after "is not a".
  package static let form = "UUID"

  /// The type in the database.
  package static let type = "uuid"

  /// An id that no video has, for a probe that only tests whether it is answered.
  package static let ofNone = "00000000-0000-0000-0000-000000000000"

  /// 36 characters.
  package let text: String

  /// Nil if the text is no UUID.
  package init?(_ text: some StringProtocol) {
    // `UUID` reads the text as a C string, which ends at the first NUL.
    guard !text.contains("\0"), let id = UUID(uuidString: String(text)) else { return nil }
    self.text = id.uuidString.lowercased()
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let id = VideoID(text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "no \(Self.form)")
    }
    self = id
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }

  package var description: String { text }
}

extension Query.StringInterpolation {
  /// The id, cast to ``VideoID/type``.
  package mutating func appendInterpolation(_ id: VideoID?) {
    appendInterpolation(id?.text)
    appendLiteral("::\(VideoID.type)")
  }

  /// Several ids, as one array.
  package mutating func appendInterpolation(_ ids: [VideoID]) {
    appendInterpolation(ids.map(\.text) as [String?])
    appendLiteral("::\(VideoID.type)[]")
  }
}
