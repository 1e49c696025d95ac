/// The path of a request target (RFC 9112, 3.2), however it is spelled.
enum RequestPath {
  /// As web servers match it: without query, scheme and host, escapes decoded, dot segments resolved, and no slash too many.
  static func normalized(_ target: some StringProtocol) -> String {
    var text = target.prefix { $0 != "?" && $0 != "#" }
    if !text.hasPrefix("/"), let scheme = text.firstRange(of: "://") {
      text = text[scheme.upperBound...].drop { $0 != "/" }
    }
    var segments: [Substring] = []
    for segment in decoded(text).split(separator: "/") {
      switch segment {
      case ".": break
      case "..": _ = segments.popLast()
      default: segments.append(segment)
      }
    }
    return "/" + segments.joined(separator: "/")
  }

  private static func decoded(_ text: some StringProtocol) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16),
        rest.count >= 2
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
