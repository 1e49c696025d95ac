internal import FoundationEssentials

/// The form of every JSON text the handlers write: sorted keys, plain slashes.
package enum ReplyJSON {
  /// - Parameter value: made of texts, flags, whole and finite numbers, all of which can be encoded.
  package static func encode(_ value: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(value)).map { Array($0) } ?? Array("{\"success\":false}".utf8)
  }

  /// `{"success":true,"data":…,"timestamp":…}` around JSON that is passed on as it is.
  package static func success(data json: String) -> [UInt8] {
    Array("{\"success\":true,\"data\":\(json),\"timestamp\":\"\(timestampNow)\"}".utf8)
  }

  /// The time it is: ISO 8601 in UTC with milliseconds and Z.
  package static var timestampNow: String {
    Date.now.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }
}
