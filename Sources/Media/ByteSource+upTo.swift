internal import Decoding

extension ByteSource {
  /// `count` bytes from `offset`; fewer only at the end of the source.
  func upTo(_ count: Int, at offset: Int64) throws -> [UInt8] {
    var bytes: [UInt8] = []
    guard offset >= 0, offset < size ?? .max else { return [] }
    while bytes.count < count {
      let more = try self.bytes(at: offset + Int64(bytes.count), count: count - bytes.count)
      if more.isEmpty { break }
      bytes += more
    }
    return bytes
  }
}

extension [UInt8] {
  /// The big-endian number in a range of at most eight bytes.
  func bigEndian(_ range: Range<Int>) -> Int64 { self[range].reduce(0) { $0 &<< 8 | Int64($1) } }
}
