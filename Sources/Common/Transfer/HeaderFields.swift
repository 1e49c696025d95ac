/// The header fields of an answer. They are kept unparsed, since most are never read.
package struct HeaderFields: Sendable {
  /// Lines without their line ends, each after a line feed.
  private var lines: [UInt8] = []

  private static let lineFeed = UInt8(ascii: "\n")
  private static let colon = UInt8(ascii: ":")

  /// - Parameter line: `Name: value` with its line end.
  mutating func append(_ line: some BidirectionalCollection<UInt8>) {
    lines.append(Self.lineFeed)
    lines.append(contentsOf: line.trimmed())
  }

  /// The value of the last field of that name.
  ///
  /// - Parameter name: in lower case.
  package subscript(name: String) -> String? {
    lines.split(separator: Self.lineFeed).last { Self.name(of: $0, is: name) }.map { Self.value(of: $0, name) }
  }

  /// The values of all fields of that name, in their order.
  ///
  /// - Parameter name: in lower case.
  func all(_ name: String) -> [String] {
    lines.split(separator: Self.lineFeed).filter { Self.name(of: $0, is: name) }.map { Self.value(of: $0, name) }
  }

  /// If the value is not UTF-8, bytes beyond ASCII are percent-encoded, since `Location` comes in other encodings, too.
  private static func value(of line: ArraySlice<UInt8>, _ name: String) -> String {
    let bytes = line.dropFirst(name.utf8.count + 1).drop { $0 == 0x20 || $0 == 0x09 }
    return String(validating: bytes, as: UTF8.self)
      ?? bytes.reduce(into: "") { $0 += $1 < 0x80 ? String(UnicodeScalar($1)) : $1.percentEncoded }
  }

  /// Compares field names, which are ASCII letters, digits and marks, without regard to case (RFC 9110, 5.1).
  private static func name(of line: ArraySlice<UInt8>, is name: String) -> Bool {
    let length = name.utf8.count
    guard line.count > length, line[line.startIndex + length] == colon else { return false }
    return zip(line, name.utf8).allSatisfy { byte, wanted in
      byte == wanted || ((UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) && byte | 0x20 == wanted)
    }
  }
}
