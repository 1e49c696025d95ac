internal import CLibAV
internal import Decoding

/// One picture as a file of an ``ImageFormat``, by libavcodec.
struct ImageEncoder {
  let options: ThumbnailOptions

  /// - Parameter frame: in the format's own pixel format.
  func encode(_ frame: borrowing Frame, as format: ImageFormat) throws(MediaError) -> EncodedPicture {
    let description = format.description
    guard let encoder = unsafe avcodec_find_encoder_by_name(description.encoder),
      let codec = unsafe avcodec_alloc_context3(encoder) as UnsafeMutablePointer<AVCodecContext>?
    else { throw MediaError(.unsupportedCodec, "there is no encoder for \(format.rawValue)") }
    defer {
      var pointer: UnsafeMutablePointer<AVCodecContext>? = unsafe codec
      unsafe avcodec_free_context(&pointer)
    }
    unsafe codec.pointee.width = frame.raw.pointee.width
    unsafe codec.pointee.height = frame.raw.pointee.height
    unsafe codec.pointee.pix_fmt = description.pixelFormat
    unsafe codec.pointee.color_range = description.isFullRange ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG
    unsafe codec.pointee.time_base = AVRational(num: 1, den: 1)
    unsafe codec.pointee.flags |= AV_CODEC_FLAG_BITEXACT
    unsafe codec.pointee.thread_count = 1
    if let quantiser = description.quantiser(options) {
      unsafe codec.pointee.flags |= AV_CODEC_FLAG_QSCALE
      unsafe codec.pointee.global_quality = Int32(quantiser) * FF_QP2LAMBDA
    }
    var settings: OpaquePointer?
    defer { unsafe av_dict_free(&settings) }
    for (name, value) in description.privateSettings(options) { unsafe av_dict_set(&settings, name, value, 0) }
    try check(unsafe avcodec_open2(codec, encoder, &settings))
    unsafe frame.raw.pointee.quality = codec.pointee.global_quality
    unsafe frame.raw.pointee.pts = 0
    unsafe frame.raw.pointee.pict_type = AV_PICTURE_TYPE_I
    // Nothing of the source's own metadata goes into the picture.
    unsafe av_dict_free(&frame.raw.pointee.metadata)
    try check(unsafe avcodec_send_frame(codec, frame.raw))
    unsafe avcodec_send_frame(codec, nil)
    let packet = try Packet()
    try check(unsafe avcodec_receive_packet(codec, packet.raw))
    let bytes = unsafe Array(UnsafeBufferPointer(start: packet.raw.pointee.data, count: Int(packet.raw.pointee.size)))
    return EncodedPicture(bytes: bytes, width: frame.width, height: frame.height, format: format)
  }

  private func check(_ code: Int32) throws(MediaError) {
    guard code < 0 else { return }
    throw MediaError(.undecodable, "the thumbnail cannot be encoded", code: AVErrorCode(rawValue: code))
  }
}
