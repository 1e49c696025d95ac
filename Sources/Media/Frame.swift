internal import CLibAV

/// A decoded picture (`AVFrame`).
@safe struct Frame: ~Copyable {
  let raw: UnsafeMutablePointer<AVFrame>

  init() throws(MediaError) {
    guard let frame = unsafe av_frame_alloc() else { throw MediaError(.outOfMemory, "out of memory") }
    unsafe raw = frame
  }

  deinit {
    var pointer: UnsafeMutablePointer<AVFrame>? = unsafe raw
    unsafe av_frame_free(&pointer)
  }

  var width: Int { unsafe Int(raw.pointee.width) }
  var height: Int { unsafe Int(raw.pointee.height) }

  /// Whether the decoder itself says that parts are missing or wrong.
  var isDamaged: Bool {
    unsafe raw.pointee.flags & AV_FRAME_FLAG_CORRUPT != 0 || raw.pointee.decode_error_flags != 0
  }

  /// Presentation time in units of the stream's time base; nil where unknown.
  var timestamp: Int64? {
    let best = unsafe raw.pointee.best_effort_timestamp
    return best == cav_no_pts() ? nil : best
  }
}
