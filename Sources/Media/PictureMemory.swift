internal import CLibAV

/// Gives a decoder the memory for its pictures (`get_buffer2`).
///
/// libavcodec takes it from the heap and clears it. Large pictures lie in mappings of their own here: the kernel has cleared those pages
/// already, and gives only what is written to. (Huge pages were tried: finding them takes longer than they save.)
@safe final class PictureMemory {
  private var pool: OpaquePointer?
  private var poolBytes = 0
  private let missing = MissingReferences()

  /// Bytes from which a picture has a mapping of its own.
  private static let largePicture = 4 << 20
  /// What vector code may write behind a plane, and how planes are aligned, in bytes.
  private static let padding = 128
  private static let alignment = 64

  deinit {
    unsafe av_buffer_pool_uninit(&pool)
  }

  /// Gives the decoder's pictures their memory from now on. Must outlive it.
  func attach(to codec: UnsafeMutablePointer<AVCodecContext>) {
    unsafe codec.pointee.opaque = Unmanaged.passUnretained(self).toOpaque()
    unsafe codec.pointee.get_buffer2 = { codec, frame, flags in
      let this = unsafe Unmanaged<PictureMemory>.fromOpaque(codec!.pointee.opaque).takeUnretainedValue()
      return unsafe this.allocate(codec!, frame!, flags)
    }
  }

  /// The packet sent during `decode` is a keyframe by itself; see ``MissingReferences``.
  func whileLoneKeyframe<Result>(_ decode: () throws -> Result) rethrows -> Result {
    try missing.whileLoneKeyframe(decode)
  }

  private func allocate(
    _ codec: UnsafeMutablePointer<AVCodecContext>, _ frame: UnsafeMutablePointer<AVFrame>, _ flags: Int32
  ) -> Int32 {
    // Other codecs have several pictures in one packet, or nothing that is missing.
    let isMissing = unsafe codec.pointee.codec_id == AV_CODEC_ID_HEVC && missing.isNextMissing()
    guard unsafe codec.pointee.codec.pointee.capabilities & AV_CODEC_CAP_DR1 != 0,
      let planes = unsafe Self.planes(codec, frame), isMissing || planes.bytes >= Self.largePicture
    else { return unsafe avcodec_default_get_buffer2(codec, frame, flags) }
    if isMissing { return unsafe MissingReferences.allocate(frame, lineBytes: planes.lineBytes) }
    if planes.bytes != poolBytes {
      unsafe av_buffer_pool_uninit(&pool)
      unsafe pool = cav_mapped_pool(planes.bytes)
      poolBytes = planes.bytes
    }
    guard let pool = unsafe pool, let buffer = unsafe av_buffer_pool_get(pool) else { return AVErrorCode.noMemory.rawValue }
    unsafe cav_lay_out(frame, buffer, planes.offsets, planes.lineBytes, Int32(planes.offsets.count))
    return 0
  }

  private struct Planes {
    var offsets: [Int] = []
    var lineBytes: [Int32] = []
    var bytes = 0
  }

  /// Where the planes of a picture lie in one block, as libavcodec lays them out: sizes and lines as the codec wants them aligned.
  private static func planes(
    _ codec: UnsafeMutablePointer<AVCodecContext>, _ frame: UnsafeMutablePointer<AVFrame>
  ) -> Planes? {
    let format = unsafe AVPixelFormat(rawValue: frame.pointee.format)
    var (width, height) = unsafe (frame.pointee.width, frame.pointee.height)
    var wanted = [Int32](repeating: 0, count: Int(AV_NUM_DATA_POINTERS))
    unsafe avcodec_align_dimensions2(codec, &width, &height, &wanted)
    var lines = [Int32](repeating: 0, count: 4)
    repeat {
      guard unsafe av_image_fill_linesizes(&lines, format, width) >= 0 else { return nil }
      // The next multiple of the lowest power of two in it.
      width += width & -width
    } while zip(lines, wanted).contains { $0 % max($1, 1) != 0 }
    var sizes = [Int](repeating: 0, count: 4)
    let distances = lines.map { Int($0) }
    guard unsafe av_image_fill_plane_sizes(&sizes, format, height, distances) >= 0 else { return nil }
    var planes = Planes()
    for (size, line) in zip(sizes, lines) where size > 0 {
      planes.offsets.append(planes.bytes)
      planes.lineBytes.append(line)
      planes.bytes += (size + padding + alignment - 1) / alignment * alignment
    }
    return planes.offsets.isEmpty ? nil : planes
  }
}
