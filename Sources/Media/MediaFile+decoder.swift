internal import CLibAV
internal import Decoding

extension MediaFile {
  /// The decoder of the selected track, opened for single pictures. The caller frees it.
  ///
  /// - Parameter references: is attached to the decoder.
  /// - Throws: `unsupportedCodec` if this FFmpeg has no decoder for the track, or it cannot be opened.
  func openedDecoder(_ references: MissingReferences) throws(MediaError) -> UnsafeMutablePointer<AVCodecContext> {
    guard let decoder = unsafe decoder else { throw refusal() }
    do {
      return try unsafe open(decoder, references, threads: Int32(limits.threads))
    } catch {
      guard limits.threads > 1 else { throw error }
      // The host may have no thread left (TasksMax, pids_limit), for which not all decoders make do with fewer.
      return try unsafe open(decoder, references, threads: 1)
    }
  }

  private func open(_ decoder: UnsafePointer<AVCodec>, _ references: MissingReferences, threads: Int32) throws(MediaError)
    -> UnsafeMutablePointer<AVCodecContext>
  {
    let parameters = unsafe parameters
    var allocated = unsafe avcodec_alloc_context3(decoder)
    guard let codec = unsafe allocated else { throw MediaError.memory }
    unsafe avcodec_parameters_to_context(codec, parameters)
    if unsafe isShrunk && parameters.pointee.codec_id == AV_CODEC_ID_MJPEG {
      unsafe (codec.pointee.width, codec.pointee.height) = (0, 0)
    }
    unsafe codec.pointee.pkt_timebase = stream.pointee.time_base
    // One picture is decoded at a time, so threads help only within it, if it was coded in slices, tiles or rows.
    unsafe codec.pointee.thread_type = FF_THREAD_SLICE
    // With several threads, the H.264 decoder neither conceals nor reports damage. Nearly all of H.264 has one slice and gains nothing
    // anyway. libvpx, which is used only for transparency, crashes if the host has no thread left.
    let id = unsafe parameters.pointee.codec_id
    let isAlone = unsafe id == AV_CODEC_ID_H264 || decoder != avcodec_find_decoder(id)
    unsafe codec.pointee.thread_count = isAlone ? 1 : threads
    // Otherwise `dav1d` would decode as many pictures at once as it has threads, however large they are.
    if id == AV_CODEC_ID_AV1 { unsafe codec.pointee.flags |= AV_CODEC_FLAG_LOW_DELAY }
    // Otherwise the grain of HEVC needs memory of its own, and ``MissingReferences`` would count it as a picture.
    unsafe codec.pointee.export_side_data |= AV_CODEC_EXPORT_DATA_FILM_GRAIN
    unsafe codec.pointee.max_pixels = Int64(limits.maximumPixels)
    unsafe references.attach(to: codec)
    var options: OpaquePointer?
    unsafe av_dict_set(&options, "codec_whitelist", AllowList.codecs, 0)
    defer { unsafe av_dict_free(&options) }
    let opened = unsafe avcodec_open2(codec, decoder, &options)
    guard opened == 0 else {
      unsafe avcodec_free_context(&allocated)
      let isRead = unsafe AllowList.contains(codec: String(cString: decoder.pointee.name))
      throw refusal(isRead: isRead, code: AVErrorCode(rawValue: opened))
    }
    return unsafe codec
  }

  /// Whether a picture is at least halved in both directions, and so loses anyway what deblocking smooths away.
  var isHalved: Bool {
    let wanted = AspectRatio.landscape.size(longerSide: 2 * limits.wantedSide)
    return unsafe Int(parameters.pointee.width) * Int(parameters.pointee.height) >= wanted.width * wanted.height
  }

  private func refusal(isRead: Bool = false, code: AVErrorCode? = nil) -> MediaError {
    MediaError(.unsupportedCodec, unsafe CodecName.refusal(parameters, text: hint.codecName, isRead: isRead), code: code)
  }

  /// The decoder of the track; nil if this FFmpeg has none. VP8 and VP9 keep transparency in a second stream, which only libvpx decodes.
  private var decoder: UnsafePointer<AVCodec>? {
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
