internal import CLibAV
internal import Glibc

/// A lone keyframe of an open group (HEVC's CRA pictures) names reference pictures that it does not need itself, and libavcodec generates
/// each of them, grey and of full size. Here they get one line of pixels each (`get_buffer2`) with a stride of zero, which stands for all
/// lines. A keyframe reads none of them, and a picture that only claims to be a keyframe finds grey.
@safe final class MissingReferences {
  /// Whether the next packet is a lone keyframe, and whether its own picture has its memory.
  private var isLoneKeyframe = false
  private var hasPicture = false

  /// Bytes before and after each line, which may be read around a block.
  private static let margin = 512

  /// Provides the missing pictures of a decoder from now on. Must outlive the decoder.
  func attach(to codec: UnsafeMutablePointer<AVCodecContext>) {
    // In other codecs a packet may have several pictures, or no references are missing.
    guard unsafe codec.pointee.codec_id == AV_CODEC_ID_HEVC else { return }
    unsafe codec.pointee.opaque = Unmanaged.passUnretained(self).toOpaque()
    unsafe codec.pointee.get_buffer2 = { codec, frame, flags in
      let this = unsafe Unmanaged<MissingReferences>.fromOpaque(codec!.pointee.opaque).takeUnretainedValue()
      guard this.isNextMissing(), let lineBytes = unsafe MissingReferences.lineBytes(codec!, frame!) else {
        return unsafe avcodec_default_get_buffer2(codec, frame, flags)
      }
      return unsafe MissingReferences.allocate(frame!, lineBytes: lineBytes)
    }
  }

  /// Marks the packet sent during `decode` as a lone keyframe: the first picture for which memory is requested is its own, and all others
  /// are missing references.
  func whileLoneKeyframe<Result>(_ decode: () throws -> Result) rethrows -> Result {
    isLoneKeyframe = true
    hasPicture = false
    defer { isLoneKeyframe = false }
    return try decode()
  }

  /// Whether the picture for which memory is requested now is a missing one.
  private func isNextMissing() -> Bool {
    defer { hasPicture = true }
    return isLoneKeyframe && hasPicture
  }

  /// The length of a line of each plane in bytes, aligned as libavcodec requires; nil if the format has no planes, or transparency, which
  /// HEVC codes as a second picture: libavcodec (from 8.0 on) asks for its memory, too, and replaces the first buffer of the frame by it.
  private static func lineBytes(
    _ codec: UnsafeMutablePointer<AVCodecContext>, _ frame: UnsafeMutablePointer<AVFrame>
  ) -> [Int32]? {
    let format = unsafe AVPixelFormat(rawValue: frame.pointee.format)
    let flags = unsafe av_pix_fmt_desc_get(format)?.pointee.flags ?? 0
    if flags & UInt64(AV_PIX_FMT_FLAG_ALPHA) != 0 { return nil }
    var (width, height) = unsafe (frame.pointee.width, frame.pointee.height)
    var wanted = [Int32](repeating: 0, count: Int(AV_NUM_DATA_POINTERS))
    unsafe avcodec_align_dimensions2(codec, &width, &height, &wanted)
    var lines = [Int32](repeating: 0, count: 4)
    repeat {
      guard unsafe av_image_fill_linesizes(&lines, format, width) >= 0 else { return nil }
      // Rounds up to a multiple of the next power of two, as libavcodec does.
      width += width & -width
    } while zip(lines, wanted).contains { $0 % max($1, 1) != 0 }
    let planes = lines.filter { $0 > 0 }
    return planes.isEmpty ? nil : planes
  }

  /// Allocates the lines of a frame.
  ///
  /// - Parameter lineBytes: of each plane.
  /// - Returns: FFmpeg's error code, or 0.
  private static func allocate(_ frame: UnsafeMutablePointer<AVFrame>, lineBytes: [Int32]) -> Int32 {
    var offsets: [Int] = []
    var bytes = 0
    for line in lineBytes {
      offsets.append(bytes + margin)
      bytes += Int(line) + 2 * margin
    }
    guard let buffer = unsafe av_buffer_alloc(bytes) else { return AVErrorCode.noMemory.rawValue }
    // libavcodec fills it by its stride, which is zero, and so not at all. The memory's old content would be visible.
    let depth = unsafe Int(av_pix_fmt_desc_get(AVPixelFormat(rawValue: frame.pointee.format)).pointee.comp.0.depth)
    if depth <= 8 {
      unsafe memset(buffer.pointee.data, 1 << (depth - 1), bytes)
    } else {
      unsafe UnsafeMutableRawPointer(buffer.pointee.data!).bindMemory(to: UInt16.self, capacity: bytes / 2)
        .update(repeating: UInt16(1) << UInt16(depth - 1), count: bytes / 2)
    }
    unsafe cav_lay_out(frame, buffer, offsets, lineBytes.map { _ in 0 }, Int32(lineBytes.count))
    return 0
  }
}
