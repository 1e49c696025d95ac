internal import CLibAV

/// Where a lone keyframe of an open group (HEVC's CRA pictures) names pictures it does not need itself, libavcodec makes up every one of
/// them, grey and of full size. Here they get one line of pixels each, which stands for all: a stride of zero. A keyframe reads none of
/// them, and a picture that claims to be one and is not finds grey.
@safe final class MissingReferences {
  /// Whether what is decoded next is one packet with a picture of its own, and whether that picture has its memory.
  private var isLoneKeyframe = false
  private var hasPicture = false

  /// Bytes before and behind each line: what is read around a block.
  private static let margin = 512

  /// The packet sent during `decode` is a keyframe by itself: the first picture that is asked for is the one, others are references that
  /// are missing.
  func whileLoneKeyframe<Result>(_ decode: () throws -> Result) rethrows -> Result {
    isLoneKeyframe = true
    hasPicture = false
    defer { isLoneKeyframe = false }
    return try decode()
  }

  /// Whether the picture memory is wanted for now is a missing one.
  func isNextMissing() -> Bool {
    defer { hasPicture = true }
    return isLoneKeyframe && hasPicture
  }

  /// Gives a frame its lines.
  ///
  /// - Parameter lineBytes: of each plane.
  /// - Returns: FFmpeg's code.
  static func allocate(_ frame: UnsafeMutablePointer<AVFrame>, lineBytes: [Int32]) -> Int32 {
    var offsets: [Int] = []
    var bytes = 0
    for line in lineBytes {
      offsets.append(bytes + margin)
      bytes += Int(line) + 2 * margin
    }
    guard let buffer = unsafe av_buffer_alloc(bytes) else { return AVErrorCode.noMemory.rawValue }
    unsafe cav_lay_out(frame, buffer, offsets, lineBytes.map { _ in 0 }, Int32(lineBytes.count))
    return 0
  }
}
