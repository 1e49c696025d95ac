extension [UInt8] {
  /// The bytes that are written as pairs of hexadecimal digits, in lines of any length.
  package init(hexadecimal text: String) {
    let digits = text.compactMap(\.hexDigitValue)
    self = stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }
}
