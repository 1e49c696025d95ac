internal import FoundationEssentials

/// Encodes every JSON text that the handlers write: sorted keys, unescaped slashes.
package enum ReplyJSON {
  /// - Parameter value: consists of texts, flags and finite numbers, all of which can be encoded.
  package static func encode(_ value: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(value)).map { Array($0) } ?? Array("{\"success\":false}".utf8)
  }

  /// The current time: ISO 8601 in UTC with milliseconds and Z.
  package static var timestampNow: String {
    Date.now.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }
}
