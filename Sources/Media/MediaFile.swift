internal import CLibAV
internal import Deadlines
internal import Decoding

/// An opened video: its container (`AVFormatContext`) and its one video stream.
@safe final class MediaFile {
  let reader: SourceReader
  let limits: MediaLimits
  private(set) var format: UnsafeMutablePointer<AVFormatContext>?
  private(set) var streamIndex = 0
  /// The video track is a still picture attached to an audio file.
  private(set) var isAttachedPicture = false

  init(_ source: any ByteSource, limits: MediaLimits, deadline: Deadline) throws {
    self.limits = limits
    if source.size == 0 { throw MediaError(.empty, "the file is empty") }
    let index = try IndexLocation.find(in: source)
    if let index { source.expect(index.range) }
    reader = try SourceReader(source, deadline: deadline)
    try open(index)
    try findVideo()
    let start = unsafe stream.pointee.start_time
    if start != cav_no_pts() { startSeconds = Double(start) * secondsPerTick }
    if index?.hasBareFragments == true { try readDurationOfFragments() }
  }

  deinit {
    unsafe avformat_close_input(&format)
  }

  var stream: UnsafeMutablePointer<AVStream> { unsafe format!.pointee.streams[streamIndex]! }
  var parameters: UnsafeMutablePointer<AVCodecParameters> { unsafe stream.pointee.codecpar }

  /// Duration in seconds; nil where the file does not say.
  var durationSeconds: Double? {
    let own = unsafe stream.pointee.duration
    if own != cav_no_pts() && own > 0 { return Double(own) * secondsPerTick }
    let whole = unsafe format!.pointee.duration
    return whole != cav_no_pts() && whole > 0 ? Double(whole) / Double(cav_time_base()) : nil
  }

  /// Time of the first frame in seconds, as far as the header tells. Kept from then on: where it does not, libavformat takes the
  /// first packet it happens to read for the first one, wherever a seek has led.
  private(set) var startSeconds = 0.0

  /// A time since the beginning of the video, in units of the stream's time base: the nearest one there is, whatever a hostile file
  /// says of durations and time bases.
  func ticks(_ seconds: Double, rounding rule: FloatingPointRoundingRule = .down) -> Int64 {
    let ticks = ((seconds + startSeconds) / secondsPerTick).rounded(rule)
    return Int64(exactly: ticks) ?? (ticks > 0 ? .max : ticks < 0 ? .min : 0)
  }

  var secondsPerTick: Double { unsafe av_q2d(stream.pointee.time_base) }

  var containerName: String { unsafe String(cString: format!.pointee.iformat.pointee.name) }
  var codecName: String { unsafe String(cString: avcodec_get_name(parameters.pointee.codec_id)) }

  /// How the picture is to be turned, from the stream's display matrix.
  var orientation: Orientation {
    var size = 0
    guard let data = unsafe av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size),
      size >= 9 * MemoryLayout<Int32>.size
    else { return .upright }
    return unsafe data.withMemoryRebound(to: Int32.self, capacity: 9) { matrix in
      unsafe Orientation(displayMatrix: Array(UnsafeBufferPointer(start: matrix, count: 9)))
    }
  }

  /// Pixel aspect ratio, width to height; 1 where it is unknown or absurd.
  func pixelAspect(of frame: borrowing Frame) -> Double {
    let ratio = unsafe av_guess_sample_aspect_ratio(format, stream, frame.raw)
    guard ratio.num > 0, ratio.den > 0 else { return 1 }
    let value = av_q2d(ratio)
    return (0.05...20).contains(value) ? value : 1
  }

  private func open(_ index: IndexLocation?) throws {
    LibraryLog.capture()
    guard let context = unsafe avformat_alloc_context() else { throw MediaError(.outOfMemory, "out of memory") }
    unsafe context.pointee.pb = reader.context
    unsafe context.pointee.probesize = Int64(limits.probeBytes)
    unsafe context.pointee.max_streams = Int32(limits.maximumStreams)
    unsafe context.pointee.flags |= AVFMT_FLAG_CUSTOM_IO
    let opaque = unsafe Unmanaged.passUnretained(reader).toOpaque()
    unsafe context.pointee.interrupt_callback = AVIOInterruptCB(
      callback: { unsafe Unmanaged<SourceReader>.fromOpaque($0!).takeUnretainedValue().shouldStop ? 1 : 0 }, opaque: opaque)
    var options: OpaquePointer?
    unsafe av_dict_set(&options, "format_whitelist", AllowList.containers, 0)
    unsafe av_dict_set(&options, "codec_whitelist", AllowList.codecs, 0)
    unsafe av_dict_set(&options, "protocol_whitelist", "none", 0)
    // References to other files inside a MOV are not followed.
    unsafe av_dict_set(&options, "enable_drefs", "0", 0)
    if index?.hasFragments == true {
      // The other tracks would be sought for, too, and each may lead to another fragment.
      unsafe av_dict_set(&options, "seek_streams_individually", "0", 0)
    }
    if index?.hasBareFragments == true {
      // There may be an index of the fragments at the end (mfra): without it libavformat walks through all of them.
      unsafe av_dict_set(&options, "use_mfra_for", "pts", 0)
    }
    defer { unsafe av_dict_free(&options) }
    // avformat_open_input frees the context when it fails.
    unsafe format = context
    let opened = unsafe avformat_open_input(&format, nil, nil, &options)
    try reader.rethrow()
    guard opened == 0 else {
      unsafe format = nil
      throw MediaError(.unknownContainer, "the file is no video of a kind we read", code: AVErrorCode(rawValue: opened))
    }
    if headerIsEnough { return }
    let probed = unsafe avformat_find_stream_info(format, nil)
    try reader.rethrow()
    guard probed >= 0 else {
      throw MediaError(.undecodable, "the file is damaged: its streams cannot be found", code: AVErrorCode(rawValue: probed))
    }
  }

  /// The header of a fragmented MP4 tells the duration of its first fragment at most. Where its index (mfra) has been read, one look at
  /// the last fragment's head tells the rest.
  private func readDurationOfFragments() throws {
    unsafe _ = av_seek_frame(format, Int32(streamIndex), Int64.max / 4, AVSEEK_FLAG_BACKWARD)
    try reader.rethrow()
  }

  /// Whether the header alone says codec, size and duration, as MP4 and Matroska do: probing the streams would cost more
  /// than all the rest of a cheap thumbnail.
  private var headerIsEnough: Bool {
    guard unsafe format!.pointee.duration != cav_no_pts() || containerName.hasPrefix("mov") else { return false }
    guard containerName.hasPrefix("mov") || containerName.hasPrefix("matroska") else { return false }
    var videos = 0
    for index in unsafe 0..<Int(format!.pointee.nb_streams) {
      let candidate = unsafe format!.pointee.streams[index]!
      let parameters = unsafe candidate.pointee.codecpar!
      guard unsafe parameters.pointee.codec_type == AVMEDIA_TYPE_VIDEO else { continue }
      videos += 1
      let hasDuration = unsafe candidate.pointee.duration > 0 || format!.pointee.duration > 0
      guard unsafe parameters.pointee.codec_id != AV_CODEC_ID_NONE, unsafe parameters.pointee.width > 0,
        unsafe parameters.pointee.height > 0, hasDuration
      else { return false }
    }
    return videos > 0
  }

  /// Whether samples are encrypted (Common Encryption, ISO/IEC 23001-7).
  private var isEncrypted: Bool {
    var size = 0
    return unsafe av_stream_get_side_data(stream, AV_PKT_DATA_ENCRYPTION_INIT_INFO, &size) != nil
  }

  private func findVideo() throws {
    var found: Int?
    var attached: Int?
    for index in unsafe 0..<Int(format!.pointee.nb_streams) {
      let candidate = unsafe format!.pointee.streams[index]!
      guard unsafe candidate.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_VIDEO else { continue }
      if unsafe candidate.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC != 0 {
        attached = attached ?? index
      } else {
        found = found ?? index
      }
    }
    guard let chosen = found ?? attached else { throw MediaError(.noVideo, "the file has no video stream") }
    streamIndex = chosen
    isAttachedPicture = found == nil
    for index in unsafe 0..<Int(format!.pointee.nb_streams) where index != chosen {
      unsafe format!.pointee.streams[index]!.pointee.discard = AVDISCARD_ALL
    }
    if isEncrypted { throw MediaError(.encrypted, "the video is encrypted") }
    let width = unsafe Int(parameters.pointee.width)
    let height = unsafe Int(parameters.pointee.height)
    guard width * height <= limits.maximumPixels else {
      throw MediaError(
        .overLimit, "the picture is too large: \(width)×\(height), at most \(limits.maximumPixels) pixels (MEDIA_MAX_PIXELS)")
    }
  }
}
