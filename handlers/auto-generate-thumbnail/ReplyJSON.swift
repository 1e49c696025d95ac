internal import FoundationEssentials

/// The form of every JSON text written here: sorted keys, plain slashes.
enum ReplyJSON {
  static func encode(_ value: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Replies are made of texts, whole numbers and finite seconds, all of which can be encoded.
    return (try? encoder.encode(value)).map { Array($0) } ?? Array("{\"success\":false}".utf8)
  }

  /// The time it is: ISO 8601 in UTC with milliseconds and Z.
  static var timestampNow: String {
    Date.now.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }
}
