internal import CLibAV
internal import Decoding

/// One picture as a JPEG (libavcodec's `mjpeg` with optimal Huffman tables) or a WebP (`libwebp`).
struct ImageEncoder {
  let options: ThumbnailOptions

  /// - Parameter frame: full-range `yuvj420p` for JPEG, limited-range `yuv420p` for WebP.
  func encode(_ frame: borrowing Frame) throws(MediaError) -> [UInt8] {
    let isJPEG = options.format == .jpeg
    guard let encoder = unsafe isJPEG ? avcodec_find_encoder(AV_CODEC_ID_MJPEG) : avcodec_find_encoder_by_name("libwebp"),
      let codec = unsafe avcodec_alloc_context3(encoder) as UnsafeMutablePointer<AVCodecContext>?
    else { throw MediaError(.unsupportedCodec, "there is no encoder for \(options.format.rawValue)") }
    defer {
      var pointer: UnsafeMutablePointer<AVCodecContext>? = unsafe codec
      unsafe avcodec_free_context(&pointer)
    }
    unsafe codec.pointee.width = frame.raw.pointee.width
    unsafe codec.pointee.height = frame.raw.pointee.height
    unsafe codec.pointee.pix_fmt = isJPEG ? AV_PIX_FMT_YUVJ420P : AV_PIX_FMT_YUV420P
    unsafe codec.pointee.color_range = isJPEG ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG
    unsafe codec.pointee.time_base = AVRational(num: 1, den: 1)
    unsafe codec.pointee.flags |= AV_CODEC_FLAG_BITEXACT
    unsafe codec.pointee.thread_count = 1
    var settings: OpaquePointer?
    defer { unsafe av_dict_free(&settings) }
    if isJPEG {
      unsafe codec.pointee.flags |= AV_CODEC_FLAG_QSCALE
      unsafe codec.pointee.global_quality = Int32(options.jpegQuality) * FF_QP2LAMBDA
    } else {
      unsafe av_dict_set(&settings, "quality", "\(options.webpQuality)", 0)
      unsafe av_dict_set(&settings, "compression_level", "4", 0)
    }
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
    return unsafe Array(UnsafeBufferPointer(start: packet.raw.pointee.data, count: Int(packet.raw.pointee.size)))
  }

  private func check(_ code: Int32) throws(MediaError) {
    guard code < 0 else { return }
    throw MediaError(.undecodable, "the thumbnail cannot be encoded", code: AVErrorCode(rawValue: code))
  }
}
