/// Lowercase hexadecimal text.
enum Hexadecimal {
  /// Two digits for each byte, in the order of the bytes.
  static func string(_ bytes: some Collection<UInt8>) -> String {
    bytes.reduce(into: "") { $0 += ($1 < 16 ? "0" : "") + String($1, radix: 16) }
  }
}
