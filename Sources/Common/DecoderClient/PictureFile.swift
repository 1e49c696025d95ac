internal import Decoding

/// Reads what a picture's file says of itself: magic, dimensions, length. It is stored and shown under our name.
enum PictureFile {
  /// Width and height as the file says; nil where it is none of its kind.
  static func size(of bytes: [UInt8], _ format: ImageFormat) -> (width: Int, height: Int)? {
    switch format {
    case .jpeg: sizeOfJPEG(bytes)
    case .webp: sizeOfWebP(bytes)
    case .avif: sizeOfAVIF(bytes)
    }
  }

  /// From the start of frame, behind the segments before it (ITU-T T.81, B.1).
  private static func sizeOfJPEG(_ bytes: [UInt8]) -> (width: Int, height: Int)? {
    guard bytes.starts(with: [0xff, 0xd8]), bytes.suffix(2).elementsEqual([0xff, 0xd9]) else { return nil }
    var position = 2
    while position + 9 <= bytes.count {
      let marker = bytes[position + 1]
      guard bytes[position] == 0xff else { return nil }
      if (0xc0...0xc2).contains(marker) {
        return (big(bytes, position + 7), big(bytes, position + 5))
      }
      // The picture's own data: there was no frame before it.
      if marker == 0xda || marker == 0xd9 { return nil }
      position += 2 + big(bytes, position + 2)
    }
    return nil
  }

  /// From the head of the one lossy frame (RFC 9649, section 2.5; RFC 6386, section 9.1).
  private static func sizeOfWebP(_ bytes: [UInt8]) -> (width: Int, height: Int)? {
    guard bytes.count >= 30, bytes.starts(with: Array("RIFF".utf8)), bytes[8..<16].elementsEqual(Array("WEBPVP8 ".utf8)),
      little(bytes, 4) | little(bytes, 6) << 16 == bytes.count - 8, bytes[23..<26].elementsEqual([0x9d, 0x01, 0x2a])
    else { return nil }
    return (little(bytes, 26) & 0x3fff, little(bytes, 28) & 0x3fff)
  }

  /// From the extent of its one image (`ispe`; ISO/IEC 23008-12, 6.5.3), whose boxes fill the file.
  private static func sizeOfAVIF(_ bytes: [UInt8]) -> (width: Int, height: Int)? {
    guard bytes.count >= 12, bytes[4..<12].elementsEqual(Array("ftypavif".utf8)),
      let file = boxes(bytes, 0..<bytes.count), let meta = file["meta"],
      meta.count >= 4,
      let inMeta = boxes(bytes, meta.lowerBound + 4..<meta.upperBound), let properties = inMeta["iprp"],
      let inProperties = boxes(bytes, properties), let container = inProperties["ipco"],
      let extent = boxes(bytes, container)?["ispe"], extent.count == 12
    else { return nil }
    let start = extent.lowerBound + 4
    return (
      big(bytes, start) << 16 | big(bytes, start + 2), big(bytes, start + 4) << 16 | big(bytes, start + 6)
    )
  }

  /// What the boxes in a range hold, by type, the first of each; nil where they do not fill it.
  private static func boxes(_ bytes: [UInt8], _ range: Range<Int>) -> [String: Range<Int>]? {
    var found: [String: Range<Int>] = [:]
    var start = range.lowerBound
    while start < range.upperBound {
      guard range.upperBound - start >= 8 else { return nil }
      let length = big(bytes, start) << 16 | big(bytes, start + 2)
      guard (8...range.upperBound - start).contains(length) else { return nil }
      let type = String(decoding: bytes[start + 4..<start + 8], as: UTF8.self)
      if found[type] == nil { found[type] = start + 8..<start + length }
      start += length
    }
    return found
  }

  private static func big(_ bytes: [UInt8], _ index: Int) -> Int { Int(bytes[index]) << 8 | Int(bytes[index + 1]) }
  private static func little(_ bytes: [UInt8], _ index: Int) -> Int { Int(bytes[index + 1]) << 8 | Int(bytes[index]) }
}
