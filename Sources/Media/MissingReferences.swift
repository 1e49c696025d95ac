internal import CLibAV

/// Where a lone keyframe of an open group (HEVC's CRA pictures) names pictures it does not need itself, libavcodec makes up every one of
/// them, grey and of full size. Here they all share one: five 4K pictures become two.
@safe final class MissingReferences {
  private var made: UnsafeMutablePointer<AVFrame>?
  /// Whether what is decoded next is one packet with a picture of its own, and whether that picture has its memory.
  private var isLoneKeyframe = false
  private var hasPicture = false

  init() {
    unsafe made = av_frame_alloc()
  }

  deinit {
    unsafe av_frame_free(&made)
  }

  /// Gives a decoder's pictures their memory from now on. Must outlive it.
  func attach(to codec: UnsafeMutablePointer<AVCodecContext>) {
    unsafe codec.pointee.opaque = Unmanaged.passUnretained(self).toOpaque()
    unsafe codec.pointee.get_buffer2 = { codec, frame, flags in
      let this = unsafe Unmanaged<MissingReferences>.fromOpaque(codec!.pointee.opaque).takeUnretainedValue()
      return unsafe this.allocate(codec, frame!, flags)
    }
  }

  /// The packet sent during `decode` is a keyframe by itself: the first picture that is asked for is the one, others are references that
  /// are missing.
  func whileLoneKeyframe<Result>(_ decode: () throws -> Result) rethrows -> Result {
    isLoneKeyframe = true
    hasPicture = false
    defer { isLoneKeyframe = false }
    return try decode()
  }

  private func allocate(
    _ codec: UnsafeMutablePointer<AVCodecContext>?, _ frame: UnsafeMutablePointer<AVFrame>, _ flags: Int32
  ) -> Int32 {
    guard isLoneKeyframe, hasPicture, let made = unsafe made else {
      hasPicture = true
      return unsafe avcodec_default_get_buffer2(codec, frame, flags)
    }
    if unsafe cav_share_buffers(frame, made) { return 0 }
    let status = unsafe avcodec_default_get_buffer2(codec, frame, flags)
    if status == 0 {
      unsafe av_frame_unref(made)
      unsafe av_frame_ref(made, frame)
    }
    return status
  }
}
