internal import CLibAV

/// What a container tells of a track's colours.
struct ToldColours {
  let range: AVColorRange
  let matrix: AVColorSpace
  let primaries: AVColorPrimaries
  let transfer: AVColorTransferCharacteristic
  /// The coded pictures of AV1 always tell their range themselves.
  private let isAV1: Bool

  init(_ parameters: UnsafePointer<AVCodecParameters>) {
    range = unsafe parameters.pointee.color_range
    matrix = unsafe parameters.pointee.color_space
    primaries = unsafe parameters.pointee.color_primaries
    transfer = unsafe parameters.pointee.color_trc
    isAV1 = unsafe parameters.pointee.codec_id == AV_CODEC_ID_AV1
  }

  /// Sets what a picture itself leaves open.
  func fill(_ frame: borrowing Frame) {
    let raw = unsafe frame.raw
    // If the range is not told, decoders report it as limited.
    let isSilent =
      unsafe raw.pointee.colorspace == AVCOL_SPC_UNSPECIFIED && raw.pointee.color_primaries == AVCOL_PRI_UNSPECIFIED
      && raw.pointee.color_trc == AVCOL_TRC_UNSPECIFIED && !isAV1
    if range != AVCOL_RANGE_UNSPECIFIED,
      unsafe raw.pointee.color_range == AVCOL_RANGE_UNSPECIFIED || (isSilent && raw.pointee.color_range == AVCOL_RANGE_MPEG)
    {
      unsafe raw.pointee.color_range = range
    }
    if unsafe raw.pointee.colorspace == AVCOL_SPC_UNSPECIFIED && !frame.isRGB { unsafe raw.pointee.colorspace = matrix }
    if unsafe raw.pointee.color_primaries == AVCOL_PRI_UNSPECIFIED { unsafe raw.pointee.color_primaries = primaries }
    if unsafe raw.pointee.color_trc == AVCOL_TRC_UNSPECIFIED { unsafe raw.pointee.color_trc = transfer }
    // libavcodec gives green, blue and red of AV1 the names of luma and chroma, but where primaries and curve are those of screens.
    let (name, luma) = (frame.pixelFormatName, "yuv444p")
    if unsafe isAV1 && raw.pointee.colorspace == AVCOL_SPC_RGB && name.hasPrefix(luma) {
      unsafe raw.pointee.format = av_get_pix_fmt("gbrp" + name.dropFirst(luma.count)).rawValue
    }
  }
}
