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

  /// Fills what the picture leaves open of its colours with what the container says of the track.
  func takeColours(of parameters: UnsafePointer<AVCodecParameters>) {
    let told = unsafe (parameters.pointee.color_space, parameters.pointee.color_primaries, parameters.pointee.color_trc)
    // Decoders take a range that is not told for the limited one. AV1 always tells it.
    let isSilent =
      unsafe raw.pointee.colorspace == AVCOL_SPC_UNSPECIFIED && raw.pointee.color_primaries == AVCOL_PRI_UNSPECIFIED
      && raw.pointee.color_trc == AVCOL_TRC_UNSPECIFIED && parameters.pointee.codec_id != AV_CODEC_ID_AV1
    if unsafe parameters.pointee.color_range != AVCOL_RANGE_UNSPECIFIED,
      unsafe raw.pointee.color_range == AVCOL_RANGE_UNSPECIFIED || (isSilent && raw.pointee.color_range == AVCOL_RANGE_MPEG)
    {
      unsafe raw.pointee.color_range = parameters.pointee.color_range
    }
    if unsafe raw.pointee.colorspace == AVCOL_SPC_UNSPECIFIED && !isRGB { unsafe raw.pointee.colorspace = told.0 }
    if unsafe raw.pointee.color_primaries == AVCOL_PRI_UNSPECIFIED { unsafe raw.pointee.color_primaries = told.1 }
    if unsafe raw.pointee.color_trc == AVCOL_TRC_UNSPECIFIED { unsafe raw.pointee.color_trc = told.2 }
  }

  /// A metadata entry, as filters leave them.
  func tag(_ name: String) -> String? {
    unsafe av_dict_get(raw.pointee.metadata, name, nil, 0).map { unsafe String(cString: $0.pointee.value) }
  }

  /// A decoded frame has one of the formats libavutil knows.
  private var pixelFormat: UnsafePointer<AVPixFmtDescriptor> {
    unsafe av_pix_fmt_desc_get(AVPixelFormat(rawValue: raw.pointee.format))!
  }

  /// Presentation time in units of the stream's time base; nil where unknown.
  var timestamp: Int64? {
    let best = unsafe raw.pointee.best_effort_timestamp
    return best == cav_no_pts() ? nil : best
  }
}
