/// Writes the fields of a message one behind the other, numbers in eight bytes, least byte first.
package struct MessageWriter {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  package mutating func write(_ number: Int64) {
    unsafe withUnsafeBytes(of: number.littleEndian) { unsafe bytes.append(contentsOf: $0) }
  }

  package mutating func write(_ number: Int) { write(Int64(number)) }
  package mutating func write(_ flag: Bool) { bytes.append(flag ? 1 : 0) }
  package mutating func write(_ number: Double) { write(Int64(bitPattern: number.bitPattern)) }

  package mutating func write(_ number: Double?) {
    write(number != nil)
    if let number { write(number) }
  }

  package mutating func write(_ number: Int64?) {
    write(number != nil)
    if let number { write(number) }
  }

  /// A text, cut to `limit` bytes.
  package mutating func write(_ text: String, limit: Int = 1000) { write(Array(text.utf8.prefix(limit))[...]) }

  package mutating func write(_ block: ArraySlice<UInt8>) {
    write(block.count)
    bytes += block
  }

  package mutating func write(_ texts: [String]) {
    write(texts.count)
    for text in texts { write(text) }
  }
}
