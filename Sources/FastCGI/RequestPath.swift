/// Normalizes the path of a request target (RFC 9112, 3.2).
enum RequestPath {
  private static let slash = UInt8(ascii: "/")

  /// The path as web servers match it, byte by byte: without query, scheme and host, with escapes decoded, dot segments resolved and
  /// repeated slashes merged.
  static func normalized(_ target: String) -> String {
    var path = Array(target.utf8)[...].prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
    if path.first != slash, let scheme = path.firstRange(of: Array("://".utf8)) {
      path = path[scheme.upperBound...].drop { $0 != slash }
    }
    var segments: [String] = []
    for segment in decoded(path).split(separator: slash) {
      switch String(decoding: segment, as: UTF8.self) {
      case ".": break
      case "..": _ = segments.popLast()
      case let name: segments.append(name)
      }
    }
    return "/" + segments.joined(separator: "/")
  }

  private static func decoded(_ path: ArraySlice<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = path
    while let byte = rest.popFirst() {
      let digits = rest.prefix(2).compactMap { Character(UnicodeScalar($0)).hexDigitValue }
      if byte == UInt8(ascii: "%"), digits.count == 2 {
        bytes.append(UInt8(digits[0] << 4 | digits[1]))
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return bytes
  }
}
