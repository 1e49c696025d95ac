/// Writes the fields of a message one after another. Numbers have eight bytes in little-endian order.
package struct MessageWriter {
  /// What has been written so far. At the end, it is the body of a message.
  package private(set) var bytes: [UInt8] = []

  package init() {}

  package mutating func write(_ number: Int64) {
    unsafe withUnsafeBytes(of: number.littleEndian) { unsafe bytes.append(contentsOf: $0) }
  }

  package mutating func write(_ number: Int) { write(Int64(number)) }
  /// One byte: 1 for yes, 0 for no.
  package mutating func write(_ flag: Bool) { bytes.append(flag ? 1 : 0) }
  /// The bits of the number (IEEE 754, binary64) in little-endian order.
  package mutating func write(_ number: Double) { write(Int64(bitPattern: number.bitPattern)) }

  /// A flag whether there is a number, and the number if there is one.
  package mutating func write(_ number: Double?) {
    write(number != nil)
    if let number { write(number) }
  }

  /// A flag whether there is a number, and the number if there is one.
  package mutating func write(_ number: Int64?) {
    write(number != nil)
    if let number { write(number) }
  }

  /// A text, cut to 1000 bytes.
  package mutating func write(_ text: String) { write(Array(text.utf8.prefix(1000))[...]) }

  /// The number of bytes, then the bytes.
  package mutating func write(_ block: ArraySlice<UInt8>) {
    write(block.count)
    bytes += block
  }

  /// The number of texts, then each of them, cut to 1000 bytes.
  package mutating func write(_ texts: [String]) {
    write(texts.count)
    for text in texts { write(text) }
  }
}
