internal import CLibAV
internal import Decoding

/// Encodes one picture as a file of an ``ImageFormat``, with libavcodec.
struct ImageEncoder {
  let options: ThumbnailOptions

  /// - Parameter frame: in the format's own range. Its metadata and side data are removed.
  func encode(_ frame: borrowing Frame, as format: ImageFormat) throws(MediaError) -> EncodedPicture {
    let coding = format.coding
    // `yuvj420p` and `yuv420p` have the same layout and differ only in range.
    let given = unsafe frame.raw.pointee.format
    unsafe frame.raw.pointee.format = coding.pixelFormat.rawValue
    defer { unsafe frame.raw.pointee.format = given }
    let codec = try unsafe openedEncoder(for: frame, format)
    defer {
      var pointer: UnsafeMutablePointer<AVCodecContext>? = unsafe codec
      unsafe avcodec_free_context(&pointer)
    }
    unsafe frame.raw.pointee.quality = codec.pointee.global_quality
    unsafe frame.raw.pointee.pts = 0
    unsafe frame.raw.pointee.pict_type = AV_PICTURE_TYPE_I
    Self.strip(frame)
    try Self.check(unsafe avcodec_send_frame(codec, frame.raw))
    unsafe avcodec_send_frame(codec, nil)
    let packet = try Packet()
    try Self.check(unsafe avcodec_receive_packet(codec, packet.raw))
    let bytes =
      if let container = coding.container {
        try unsafe Self.file(packet, of: codec, in: container)
      } else {
        unsafe Array(UnsafeBufferPointer(start: packet.raw.pointee.data, count: Int(packet.raw.pointee.size)))
      }
    return EncodedPicture(bytes: bytes, width: frame.width, height: frame.height, format: format)
  }

  /// The encoder, opened for pictures of that size. The caller frees it.
  private func openedEncoder(for frame: borrowing Frame, _ format: ImageFormat) throws(MediaError)
    -> UnsafeMutablePointer<AVCodecContext>
  {
    let coding = format.coding
    guard let encoder = unsafe avcodec_find_encoder_by_name(format.encoder) else {
      throw MediaError(.unsupportedCodec, "there is no encoder for \(format.rawValue)")
    }
    var allocated = unsafe avcodec_alloc_context3(encoder)
    guard let codec = unsafe allocated else { throw MediaError.memory }
    unsafe codec.pointee.width = frame.raw.pointee.width
    unsafe codec.pointee.height = frame.raw.pointee.height
    unsafe codec.pointee.pix_fmt = coding.pixelFormat
    unsafe codec.pointee.color_range = coding.isFullRange ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG
    unsafe codec.pointee.colorspace = AVCOL_SPC_SMPTE170M
    unsafe codec.pointee.color_primaries = AVCOL_PRI_BT709
    unsafe codec.pointee.color_trc = AVCOL_TRC_IEC61966_2_1
    unsafe codec.pointee.time_base = AVRational(num: 1, den: 1)
    unsafe codec.pointee.flags |= AV_CODEC_FLAG_BITEXACT
    if coding.container != nil { unsafe codec.pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER }
    unsafe codec.pointee.thread_count = 1
    if let quantiser = coding.quantiser(options) {
      unsafe codec.pointee.flags |= AV_CODEC_FLAG_QSCALE
      unsafe codec.pointee.global_quality = Int32(quantiser) * FF_QP2LAMBDA
    }
    var settings: OpaquePointer?
    defer { unsafe av_dict_free(&settings) }
    for (name, value) in coding.privateSettings(options) {
      unsafe av_dict_set(&settings, name, value, 0)
    }
    let opened = unsafe avcodec_open2(codec, encoder, &settings)
    if opened < 0 { unsafe avcodec_free_context(&allocated) }
    try Self.check(opened)
    return unsafe codec
  }

  /// Removes what the source tells about itself: an encoder would write colour profiles and the like into the picture.
  private static func strip(_ frame: borrowing Frame) {
    unsafe av_dict_free(&frame.raw.pointee.metadata)
    while unsafe frame.raw.pointee.nb_side_data > 0 {
      unsafe av_frame_remove_side_data(frame.raw, frame.raw.pointee.side_data[0]!.pointee.type)
    }
  }

  /// The coded picture in its container, muxed by libavformat.
  private static func file(
    _ packet: borrowing Packet, of codec: UnsafeMutablePointer<AVCodecContext>, in container: String
  ) throws(MediaError) -> [UInt8] {
    var format: UnsafeMutablePointer<AVFormatContext>?
    try check(unsafe avformat_alloc_output_context2(&format, nil, container, nil))
    defer { unsafe avformat_free_context(format) }
    guard let stream = unsafe avformat_new_stream(format, nil) else { throw MediaError.memory }
    try check(unsafe avcodec_parameters_from_context(stream.pointee.codecpar, codec))
    unsafe stream.pointee.time_base = codec.pointee.time_base
    unsafe format!.pointee.flags |= AVFMT_FLAG_BITEXACT
    try check(unsafe avio_open_dyn_buf(&format!.pointee.pb))
    var written: UnsafeMutablePointer<UInt8>?
    let outcome = unsafe write(packet, to: format!)
    let length = unsafe avio_close_dyn_buf(format!.pointee.pb, &written)
    defer { unsafe av_free(written) }
    try check(outcome)
    return unsafe Array(UnsafeBufferPointer(start: written, count: Int(length)))
  }

  private static func write(_ packet: borrowing Packet, to format: UnsafeMutablePointer<AVFormatContext>) -> Int32 {
    let begun = unsafe avformat_write_header(format, nil)
    if begun < 0 { return begun }
    let written = unsafe av_write_frame(format, packet.raw)
    let ended = unsafe av_write_trailer(format)
    return written < 0 ? written : ended
  }

  private static func check(_ code: Int32) throws(MediaError) {
    guard code < 0 else { return }
    throw MediaError(.undecodable, "the thumbnail cannot be encoded", code: AVErrorCode(rawValue: code))
  }
}
