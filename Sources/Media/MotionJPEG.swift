internal import Decoding

/// Recognises a bare stream of JPEG pictures. libavformat takes it for a single picture unless several lie within its first two kilobytes.
enum MotionJPEG {
  /// How far pictures are counted, and how much is read at once, in bytes.
  private static let reach = 4 << 20
  private static let step = 256 * 1024
  /// How many pictures must be followed at once by another. A photograph may have one more behind it, such as a gain map or the other eye.
  private static let ends = 3
  /// The end of a picture and the beginning of the next (ITU-T T.81, EOI and SOI). These bytes never occur within a picture.
  private static let seam: [UInt8] = [0xff, 0xd9, 0xff, 0xd8]

  /// Whether a file is such a stream.
  static func begins(in source: any ByteSource) throws -> Bool {
    guard try source.upTo(3, at: 0) == [0xff, 0xd8, 0xff] else { return false }
    var (found, offset) = (0, 0)
    while found < ends, offset < reach {
      let bytes = try source.upTo(step, at: Int64(offset))
      guard bytes.count > seam.count else { return false }
      let inner = bytes.count - seam.count
      found += (0...inner).count { bytes[$0] == 0xff && bytes[$0 + 1] == 0xd9 && bytes[$0..<$0 + 4].elementsEqual(seam) }
      // The next piece starts where a seam that crosses the border would begin.
      offset += inner + 1
    }
    return found >= ends
  }
}
