internal import Decoding

/// Reads what a picture's file tells of itself: magic, dimensions, length, and that it contains nothing else (a web page, an archive),
/// since it is stored and shown under our name.
enum PictureFile {
  /// Width and height as the file tells; nil if it is not of this format.
  static func size(of bytes: [UInt8], _ format: ImageFormat) -> (width: Int, height: Int)? {
    switch format {
    case .jpeg: sizeOfJPEG(bytes)
    case .webp: sizeOfWebP(bytes)
    case .avif: sizeOfAVIF(bytes)
    }
  }

  /// Reads the start of frame (ITU-T T.81, B.1). Apart from it, the file may have what a baseline picture needs, and one scan up to the
  /// end: no comment, no other program's segment, nothing after the end.
  private static func sizeOfJPEG(_ bytes: [UInt8]) -> (width: Int, height: Int)? {
    guard bytes.starts(with: [0xff, 0xd8]) else { return nil }
    var size: (width: Int, height: Int)?
    var position = 2
    while position + 4 <= bytes.count, bytes[position] == 0xff {
      let length = big(bytes, position + 2)
      let next = position + 2 + length
      guard length >= 2, next <= bytes.count else { return nil }
      switch bytes[position + 1] {
      case 0xdb, 0xc4: break
      case 0xc0 where size == nil && length >= 8: size = (big(bytes, position + 7), big(bytes, position + 5))
      case 0xda: return isScan(bytes[next...]) ? size : nil
      default: return nil
      }
      position = next
    }
    return nil
  }

  /// Whether the only marker in the coded data is the end of the picture, at the end of the file.
  private static func isScan(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.suffix(2).elementsEqual([0xff, 0xd9]) else { return false }
    var isMarker = false
    for byte in bytes.dropLast(2) {
      if isMarker && byte != 0 { return false }
      isMarker = byte == 0xff
    }
    return !isMarker
  }

  /// Reads the header of the one lossy frame, which fills the file (RFC 9649, section 2.5; RFC 6386, section 9.1).
  private static func sizeOfWebP(_ bytes: [UInt8]) -> (width: Int, height: Int)? {
    guard bytes.count >= 30, bytes.starts(with: Array("RIFF".utf8)), bytes[8..<16].elementsEqual(Array("WEBPVP8 ".utf8)),
      little(bytes, 4) | little(bytes, 6) << 16 == bytes.count - 8, bytes[23..<26].elementsEqual([0x9d, 0x01, 0x2a])
    else { return nil }
    let frame = little(bytes, 16) | little(bytes, 18) << 16
    guard frame + frame % 2 == bytes.count - 20 else { return nil }
    return (little(bytes, 26) & 0x3fff, little(bytes, 28) & 0x3fff)
  }

  /// Reads the extent of the one image (`ispe`; ISO/IEC 23008-12, 6.5.3). The file consists of exactly three boxes.
  private static func sizeOfAVIF(_ bytes: [UInt8]) -> (width: Int, height: Int)? {
    guard bytes.count >= 12, bytes[4..<12].elementsEqual(Array("ftypavif".utf8)),
      let file = boxes(bytes, 0..<bytes.count), file.map(\.type) == ["ftyp", "meta", "mdat"],
      let meta = file.content(of: "meta"), meta.count >= 4,
      let properties = boxes(bytes, meta.lowerBound + 4..<meta.upperBound)?.content(of: "iprp"),
      let container = boxes(bytes, properties)?.content(of: "ipco"),
      let extent = boxes(bytes, container)?.content(of: "ispe"), extent.count == 12
    else { return nil }
    let start = extent.lowerBound + 4
    return (big(bytes, start) << 16 | big(bytes, start + 2), big(bytes, start + 4) << 16 | big(bytes, start + 6))
  }

  /// Type and content of each box in a range; nil if the boxes do not fill it.
  private static func boxes(_ bytes: [UInt8], _ range: Range<Int>) -> [(type: String, content: Range<Int>)]? {
    var found: [(type: String, content: Range<Int>)] = []
    var start = range.lowerBound
    while start < range.upperBound {
      guard range.upperBound - start >= 8 else { return nil }
      let length = big(bytes, start) << 16 | big(bytes, start + 2)
      guard (8...range.upperBound - start).contains(length) else { return nil }
      found.append((String(decoding: bytes[start + 4..<start + 8], as: UTF8.self), start + 8..<start + length))
      start += length
    }
    return found
  }

  private static func big(_ bytes: [UInt8], _ index: Int) -> Int { Int(bytes[index]) << 8 | Int(bytes[index + 1]) }
  private static func little(_ bytes: [UInt8], _ index: Int) -> Int { Int(bytes[index + 1]) << 8 | Int(bytes[index]) }
}

extension [(type: String, content: Range<Int>)] {
  /// The content of the first box of a type.
  fileprivate func content(of type: String) -> Range<Int>? { first { $0.type == type }?.content }
}
