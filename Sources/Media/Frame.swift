internal import CLibAV
internal import Decoding

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

  /// Whether it was put together from what could be made of wrong data: what follows it is wrong, too, up to the next keyframe.
  var isMended: Bool { unsafe raw.pointee.decode_error_flags != 0 }
  /// Whether it is coded as a change of other pictures.
  var refersToOthers: Bool { unsafe !isKeyframe && [AV_PICTURE_TYPE_P, AV_PICTURE_TYPE_B].contains(raw.pointee.pict_type) }

  /// Needs no other picture.
  var isKeyframe: Bool { unsafe cav_is_keyframe(raw) }
  /// Coded as two fields of different moments.
  var isInterlaced: Bool { unsafe cav_is_interlaced(raw) }
  var hasAlpha: Bool { unsafe pixelFormat.pointee.flags & UInt64(AV_PIX_FMT_FLAG_ALPHA) != 0 || pixelFormatName == "pal8" }
  var isRGB: Bool { unsafe pixelFormat.pointee.flags & UInt64(AV_PIX_FMT_FLAG_RGB) != 0 }
  /// Luma and two planes of chroma whose samples cover the picture without a rest: what zimg accepts.
  var hasWholeChroma: Bool {
    unsafe !isRGB && pixelFormat.pointee.nb_components >= 3
      && width.isMultiple(of: 1 << Int(pixelFormat.pointee.log2_chroma_w))
      && height.isMultiple(of: 1 << Int(pixelFormat.pointee.log2_chroma_h))
  }
  var pixelFormatName: String { unsafe String(cString: pixelFormat.pointee.name) }

  /// A decoded frame has one of the formats libavutil knows.
  private var pixelFormat: UnsafePointer<AVPixFmtDescriptor> {
    unsafe av_pix_fmt_desc_get(AVPixelFormat(rawValue: raw.pointee.format))!
  }

  /// Presentation time in units of the stream's time base; nil where unknown.
  var timestamp: Int64? {
    let best = unsafe raw.pointee.best_effort_timestamp
    return best == cav_no_pts() ? nil : best
  }

  /// Has it shown so much later, in the same units.
  borrowing func postpone(by ticks: Int64) {
    if let timestamp { unsafe raw.pointee.best_effort_timestamp = timestamp &+ ticks }
  }
}
