internal import CLibAV

/// One picture as a JPEG (libavcodec's `mjpeg` with optimal Huffman tables).
enum JPEGEncoder {
  /// - Parameters:
  ///   - frame: `yuvj420p`, full range.
  ///   - quality: 1 (best) to 31.
  static func encode(_ frame: borrowing Frame, quality: Int) throws(MediaError) -> [UInt8] {
    guard let encoder = unsafe avcodec_find_encoder(AV_CODEC_ID_MJPEG),
      let codec = unsafe avcodec_alloc_context3(encoder) as UnsafeMutablePointer<AVCodecContext>?
    else { throw MediaError(.outOfMemory, "there is no JPEG encoder") }
    defer {
      var pointer: UnsafeMutablePointer<AVCodecContext>? = unsafe codec
      unsafe avcodec_free_context(&pointer)
    }
    unsafe codec.pointee.width = frame.raw.pointee.width
    unsafe codec.pointee.height = frame.raw.pointee.height
    unsafe codec.pointee.pix_fmt = AV_PIX_FMT_YUVJ420P
    unsafe codec.pointee.color_range = AVCOL_RANGE_JPEG
    unsafe codec.pointee.time_base = AVRational(num: 1, den: 1)
    unsafe codec.pointee.flags |= AV_CODEC_FLAG_QSCALE | AV_CODEC_FLAG_BITEXACT
    unsafe codec.pointee.global_quality = Int32(quality) * FF_QP2LAMBDA
    unsafe codec.pointee.thread_count = 1
    try check(unsafe avcodec_open2(codec, encoder, nil))
    unsafe frame.raw.pointee.quality = codec.pointee.global_quality
    unsafe frame.raw.pointee.pts = 0
    unsafe frame.raw.pointee.pict_type = AV_PICTURE_TYPE_I
    try check(unsafe avcodec_send_frame(codec, frame.raw))
    let packet = try Packet()
    try check(unsafe avcodec_receive_packet(codec, packet.raw))
    return unsafe Array(UnsafeBufferPointer(start: packet.raw.pointee.data, count: Int(packet.raw.pointee.size)))
  }

  private static func check(_ code: Int32) throws(MediaError) {
    guard code < 0 else { return }
    throw MediaError(.undecodable, "the thumbnail cannot be encoded", code: AVErrorCode(rawValue: code))
  }
}
