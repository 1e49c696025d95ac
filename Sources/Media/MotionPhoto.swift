internal import Decoding

/// A photograph with a video of the moment behind it, as telephones take them (Android's Motion Photo 1.0, and Micro Video before it). It ends
/// with the video.
enum MotionPhoto {
  /// How much of a photograph is searched for what is told of the video.
  private static let range = 128 * 1024
  private static let jpeg: [UInt8] = [0xff, 0xd8, 0xff]
  /// The most boxes of a photograph in HEIF.
  private static let boxes = 32
  /// The most parts of a JPEG.
  private static let parts = 8
  /// After which words a JPEG's metadata (XMP) tells how long the video is, or another part of the file.
  private static let words = ["MicroVideoOffset", "Item:Length"]

  /// Where the video begins; nil for other files.
  static func video(in source: any ByteSource) throws -> Int64? {
    guard let size = source.size else { return nil }
    guard try source.upTo(jpeg.count, at: 0) == jpeg else { return try boxed(in: source, size: size) }
    let text = String(decoding: try source.upTo(range, at: 0), as: UTF8.self)
    for word in words {
      for told in text.split(separator: word).dropFirst().prefix(parts) {
        // As an attribute or an element.
        guard let length = Int64(told.prefix(24).drop { !$0.isNumber }.prefix { $0.isNumber }), length <= size else { continue }
        if LeadingJunk.begins(at: 0, in: try source.upTo(16, at: size - length)) { return size - length }
      }
    }
    return nil
  }

  /// In HEIF, the video is in a box of its own (`mpvd`).
  private static func boxed(in source: any ByteSource, size: Int64) throws -> Int64? {
    var offset: Int64 = 0
    for _ in 0..<boxes {
      guard let box = try BoxHeader.read(at: offset, in: source) else { return nil }
      let body = box.body ?? offset + 8..<size
      if box.type == "mpvd" { return body.lowerBound }
      offset = body.upperBound
    }
    return nil
  }
}
