internal import Decoding

/// The header of a box of an ISO base media file (ISO/IEC 14496-12, 4.2).
struct BoxHeader {
  /// Four characters.
  let type: String
  /// The bytes of the box after its header; nil if it extends to the end of the file.
  let body: Range<Int64>?

  /// - Returns: nil if there is no box, or its size is impossible.
  static func read(at offset: Int64, in source: any ByteSource) throws -> BoxHeader? {
    let bytes = try source.upTo(16, at: offset)
    guard bytes.count >= 8 else { return nil }
    let type = String(decoding: bytes[4..<8], as: UTF8.self)
    switch bytes.bigEndian(0..<4) {
    case 0: return BoxHeader(type: type, body: nil)
    case 1:
      guard bytes.count >= 16 else { return nil }
      let size = bytes.bigEndian(8..<16)
      // A size larger than any file is invalid, and sums with it might overflow.
      guard (16..<ReadRequest.furthest).contains(size) else { return nil }
      return BoxHeader(type: type, body: offset + 16..<offset + size)
    case let size:
      guard size >= 8 else { return nil }
      return BoxHeader(type: type, body: offset + 8..<offset + size)
    }
  }
}
