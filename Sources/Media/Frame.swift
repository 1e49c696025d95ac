internal import CLibAV
internal import Decoding

/// A decoded picture (`AVFrame`).
@safe struct Frame: ~Copyable {
  let raw: UnsafeMutablePointer<AVFrame>

  init() throws(MediaError) {
    guard let frame = unsafe av_frame_alloc() else { throw MediaError.memory }
    unsafe raw = frame
  }

  deinit {
    var pointer: UnsafeMutablePointer<AVFrame>? = unsafe raw
    unsafe av_frame_free(&pointer)
  }

  var width: Int { unsafe Int(raw.pointee.width) }
  var height: Int { unsafe Int(raw.pointee.height) }

  /// Whether the decoder reports that parts are missing or wrong.
  var isDamaged: Bool {
    unsafe raw.pointee.flags & AV_FRAME_FLAG_CORRUPT != 0 || raw.pointee.decode_error_flags != 0
  }

  /// Whether the decoder concealed wrong data. The pictures that follow are wrong, too, up to the next keyframe.
  var isMended: Bool { unsafe raw.pointee.decode_error_flags != 0 }
  /// Whether it is predicted from other pictures.
  var refersToOthers: Bool { unsafe !isKeyframe && [AV_PICTURE_TYPE_P, AV_PICTURE_TYPE_B].contains(raw.pointee.pict_type) }

  /// Whether it needs no other picture.
  var isKeyframe: Bool { unsafe cav_is_keyframe(raw) }
  /// Whether it is coded as two fields of different moments.
  var isInterlaced: Bool { unsafe cav_is_interlaced(raw) }
  var hasAlpha: Bool { unsafe pixelFormat.pointee.flags & UInt64(AV_PIX_FMT_FLAG_ALPHA) != 0 || pixelFormatName == "pal8" }
  var isRGB: Bool { unsafe pixelFormat.pointee.flags & UInt64(AV_PIX_FMT_FLAG_RGB) != 0 }
  /// Whether it has luma and two planes of chroma, which XYZ (a cinema's JPEG 2000) has not, and its size is a multiple of the chroma subsampling, as zimg requires.
  var hasWholeChroma: Bool {
    unsafe !isRGB && !pixelFormatName.hasPrefix("xyz") && pixelFormat.pointee.nb_components >= 3
      && width.isMultiple(of: 1 << Int(pixelFormat.pointee.log2_chroma_w))
      && height.isMultiple(of: 1 << Int(pixelFormat.pointee.log2_chroma_h))
  }
  var pixelFormatName: String { unsafe String(cString: pixelFormat.pointee.name) }

  /// Not nil: a decoded frame has one of the formats that libavutil knows.
  private var pixelFormat: UnsafePointer<AVPixFmtDescriptor> {
    unsafe av_pix_fmt_desc_get(AVPixelFormat(rawValue: raw.pointee.format))!
  }

  /// Presentation time in units of the stream's time base; nil if it is not known.
  var timestamp: Int64? {
    let best = unsafe raw.pointee.best_effort_timestamp
    return best == cav_no_pts() ? nil : best
  }

  borrowing func tell(time: Int64) { unsafe raw.pointee.best_effort_timestamp = time }

  /// Shifts the presentation time, in the same units.
  borrowing func postpone(by ticks: Int64) {
    if let timestamp { unsafe raw.pointee.best_effort_timestamp = timestamp &+ ticks }
  }
}
