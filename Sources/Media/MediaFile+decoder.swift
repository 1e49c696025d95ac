internal import CLibAV

extension MediaFile {
  /// The decoder of the track that is read now; nil where this FFmpeg has none. VP8 and VP9 keep transparency in a second stream that only
  /// libvpx decodes.
  var decoder: UnsafePointer<AVCodec>? {
    let id = unsafe parameters.pointee.codec_id
    let hasAlpha =
      unsafe av_dict_get(stream.pointee.metadata, "alpha_mode", nil, 0).map { unsafe String(cString: $0.pointee.value) } == "1"
    if hasAlpha, id == AV_CODEC_ID_VP9, let decoder = unsafe avcodec_find_decoder_by_name("libvpx-vp9") {
      return unsafe decoder
    }
    if hasAlpha, id == AV_CODEC_ID_VP8, let decoder = unsafe avcodec_find_decoder_by_name("libvpx") { return unsafe decoder }
    return unsafe avcodec_find_decoder(id)
  }
}
