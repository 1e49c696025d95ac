internal import Decoding

/// Whether what a decoder gave for a picture looks like one: magic, dimensions, length. It is stored and shown under our name.
enum PictureFile {
  /// Bytes of a thumbnail: 960 by 540 pixels without any compression.
  private static let maximumBytes = 960 * 540 * 3

  /// - Throws: `MalformedMessage`.
  static func check(_ thumbnail: Thumbnail, options: ThumbnailOptions) throws(MalformedMessage) {
    guard thumbnail.format == options.format else { throw MalformedMessage("a picture of another format") }
    guard options.aspectRatio == nil || options.aspectRatio == thumbnail.aspectRatio else {
      throw MalformedMessage("a picture of another shape")
    }
    let target = thumbnail.aspectRatio.target
    guard thumbnail.width <= target.width, thumbnail.height <= target.height else {
      throw MalformedMessage("a picture of \(thumbnail.width) by \(thumbnail.height) pixels")
    }
    guard thumbnail.bytes.count <= maximumBytes else { throw MalformedMessage("a picture of \(thumbnail.bytes.count) bytes") }
    guard let size = size(of: thumbnail.bytes, thumbnail.format), size == (thumbnail.width, thumbnail.height) else {
      throw MalformedMessage("a picture that is no \(thumbnail.format.rawValue) of its size")
    }
  }

  /// Width and height as the file says; nil where it is none of its kind.
  static func size(of bytes: [UInt8], _ format: ImageFormat) -> (width: Int, height: Int)? {
    switch format {
    case .jpeg: sizeOfJPEG(bytes)
    case .webp: sizeOfWebP(bytes)
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

  private static func big(_ bytes: [UInt8], _ index: Int) -> Int { Int(bytes[index]) << 8 | Int(bytes[index + 1]) }
  private static func little(_ bytes: [UInt8], _ index: Int) -> Int { Int(bytes[index + 1]) << 8 | Int(bytes[index]) }
}
