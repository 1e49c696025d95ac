internal import CLibAV
internal import Deadlines
internal import Decoding

/// An opened video: its container (`AVFormatContext`) and the video track that is looked at.
@safe final class MediaFile {
  let reader: SourceReader
  let limits: MediaLimits
  let head: FileHead
  private(set) var format: UnsafeMutablePointer<AVFormatContext>?
  /// The stream of the selected track.
  private(set) var streamIndex = 0
  /// The longer side of the largest picture that is to be made, in pixels.
  var wantedSide = AspectRatio.usualSide
  /// The selected track is a picture that comes with an audio file.
  private(set) var isCover = false

  /// Opens it and selects the first track.
  ///
  /// - Parameters:
  ///   - isProbed: whether samples are looked at where the header does not tell all.
  ///   - heedsEdits: whether what an edit list leaves out is passed over.
  init(_ source: any ByteSource, limits: MediaLimits, deadline: Deadline, isProbed: Bool = true, heedsEdits: Bool = true) throws
  {
    self.limits = limits
    if source.size == 0 { throw MediaError(.empty, "the file is empty") }
    head = try FileHead(of: source)
    let read = head.skipped.map { SplicedSource(source, skipping: $0, kind: .cluster) } ?? source
    reader = try SourceReader(read, deadline: deadline)
    if let count = head.trackCount, count > limits.maximumStreams {
      throw MediaError(
        .overLimit, "the file has \(count) tracks, at most \(limits.maximumStreams) are read (MEDIA_MAX_STREAMS)")
    }
    try open(head.index, isProbed: isProbed, heedsEdits: heedsEdits, analysing: Self.soon)
    if isProbed && !headerIsEnough && !pictureIsKnown {
      unsafe avformat_close_input(&format)
      unsafe _ = avio_seek(reader.context, 0, SEEK_SET)
      try open(head.index, isProbed: isProbed, heedsEdits: heedsEdits, analysing: 0)
    }
    guard let first = tracks.first else { throw MediaError.noVideoStream }
    take(first)
    if isProbed && head.index?.hasBareFragments == true { try findEndOfFragments() }
  }

  /// Makes a track the one that all is about.
  func take(_ track: VideoTrack) {
    streamIndex = track.stream
    isCover = track.isCover
    guard startSeconds[track.stream] == nil else { return }
    let own = begins(track.stream) ?? 0
    let first = heard(with: track.stream).compactMap(begins).min().map { min($0, own) } ?? own
    startSeconds[track.stream] = first
    lateSeconds[track.stream] = own - first
  }

  /// The tracks of sound of the same programme: another one's clock is another.
  private func heard(with track: Int) -> [Int] {
    let program = unsafe av_find_program_from_stream(format, nil, Int32(track))
    let members =
      unsafe program.map {
        unsafe UnsafeBufferPointer(start: $0.pointee.stream_index, count: Int($0.pointee.nb_stream_indexes)).map(Int.init)
      }
      ?? Array(streams)
    return members.filter { unsafe format!.pointee.streams[$0]!.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_AUDIO }
  }

  var streams: Range<Int> { unsafe 0..<Int(format!.pointee.nb_streams) }

  /// When a stream begins, in seconds, as far as the header tells; of a recording of a stream that had gone on for long, its first piece.
  private func begins(_ index: Int) -> Double? {
    let stream = unsafe format!.pointee.streams[index]!
    var start = unsafe stream.pointee.start_time
    if start == cav_no_pts() {
      if let first = head.beginsSeconds { return first }
      guard containerName.hasPrefix("mov"), let first = unsafe avformat_index_get_entry(stream, 0) else { return nil }
      start = unsafe max(0, first.pointee.timestamp)
    }
    return unsafe Double(start) * av_q2d(stream.pointee.time_base)
  }

  /// What the container says of the selected track's colours.
  var colours: ToldColours { unsafe toldColours[streamIndex] ?? ToldColours(parameters) }

  /// By stream, from before samples are looked at: what decoders find then takes its place.
  private var toldColours: [Int: ToldColours] = [:]

  /// By stream, what the coding itself tells: that pictures of two eyes are in one, and that they are turned.
  var codedEyes: [Int: EyePair] = [:]
  var codedOrientations: [Int: Orientation] = [:]

  /// Counts the selected track's time from that of another beginning, in seconds.
  func begin(at start: Double) { startSeconds[streamIndex] = start }

  deinit {
    unsafe avformat_close_input(&format)
  }

  var stream: UnsafeMutablePointer<AVStream> { unsafe format!.pointee.streams[streamIndex]! }
  var parameters: UnsafeMutablePointer<AVCodecParameters> { unsafe stream.pointee.codecpar }

  /// When the file begins, in seconds: the first picture, or the sound that is heard before it, as players count. 0 where the header does not tell.
  var start: Double { startSeconds[streamIndex] ?? 0 }

  /// By stream. Kept from the first look on: where the header does not tell, libavformat takes the first packet it happens to read for the
  /// first one, wherever a seek has led.
  private var startSeconds: [Int: Double] = [:]
  /// By stream: how much later than the file it begins, in seconds.
  private(set) var lateSeconds: [Int: Double] = [:]

  /// When the last fragment ends, in seconds, of a file that has too many to walk through all of them, and no list of them.
  var endSeconds: Double?
  private(set) var hasMoreFragments = false

  /// A time since the beginning of the video, in units of the stream's time base: the nearest one there is, whatever a hostile file
  /// says of durations and time bases.
  func ticks(_ seconds: Double, rounding rule: FloatingPointRoundingRule = .down) -> Int64 {
    let ticks = ((seconds + start) / secondsPerTick).rounded(rule)
    guard !ticks.isNaN else { return 0 }
    return Int64(exactly: ticks) ?? (ticks > 0 ? .max : .min)
  }

  /// When a picture is shown, in seconds since the beginning of the video.
  func seconds(of frame: borrowing Frame) -> Double {
    let seconds = frame.timestamp.map { Double($0) * secondsPerTick - start } ?? 0
    return seconds.isFinite ? max(0, seconds) : 0
  }

  var secondsPerTick: Double { unsafe av_q2d(stream.pointee.time_base) }

  /// Pictures that may be decoded one after the other: `MEDIA_MAX_FRAMES` of 1280 by 720 pixels, down to a quarter of it of larger ones and
  /// up to eight times of smaller ones.
  var mostFrames: Int {
    let pixels = unsafe Int(parameters.pointee.width) * Int(parameters.pointee.height)
    let factor = min(max(Double(1280 * 720) / Double(max(pixels, 1)), 0.25), 8)
    return max(1, Int(Double(limits.maximumFrames) * factor))
  }

  var containerName: String { unsafe String(cString: format!.pointee.iformat.pointee.name) }
  var codecName: String { unsafe String(cString: avcodec_get_name(parameters.pointee.codec_id)) }

  /// Pixel aspect ratio, width to height; 1 where it is unknown or absurd.
  func pixelAspect(of frame: borrowing Frame) -> Double {
    // GIF has a field for it, in which some programs leave what they like: no browser heeds it.
    if unsafe parameters.pointee.codec_id == AV_CODEC_ID_GIF { return 1 }
    let told = hint.pixelAspects
    if let first = told.first {
      let coded = unsafe frame.raw.pointee.sample_aspect_ratio
      let own = coded.num > 0 && coded.den > 0 ? av_q2d(coded) : 1
      return Self.plausible(told.first { abs($0 / own - 1) < 0.01 } ?? first)
    }
    let ratio = unsafe av_guess_sample_aspect_ratio(format, stream, frame.raw)
    return ratio.num > 0 && ratio.den > 0 ? Self.plausible(av_q2d(ratio)) : 1
  }

  private static func plausible(_ aspect: Double) -> Double { (0.05...20).contains(aspect) ? aspect : 1 }

  /// libavformat reads on, by megabytes, for what it wants to know of sound, which no decoder here tells it: that much is enough for pictures,
  /// unless they come late. In microseconds.
  private static let soon: Int64 = 500_000

  /// - Parameter duration: how much of a track is looked at, in microseconds; 0 for what libavformat holds right.
  private func open(_ index: IndexLocation?, isProbed: Bool, heedsEdits: Bool, analysing duration: Int64) throws {
    LibraryLog.capture()
    guard let context = unsafe avformat_alloc_context() else { throw MediaError(.outOfMemory, "out of memory") }
    unsafe context.pointee.pb = reader.context
    unsafe context.pointee.probesize = Int64(limits.probeBytes)
    unsafe context.pointee.max_analyze_duration = duration
    unsafe context.pointee.max_streams = Int32(limits.maximumStreams)
    // Nothing here asks for the frame rate: forty frames would be read for it.
    unsafe context.pointee.fps_probe_size = 0
    unsafe context.pointee.flags |= AVFMT_FLAG_CUSTOM_IO
    var options = unsafe Self.demuxerOptions(index, heedsEdits: heedsEdits)
    defer { unsafe av_dict_free(&options) }
    // avformat_open_input frees the context when it fails.
    unsafe format = context
    let known = unsafe head.isMotionJPEG ? av_find_input_format("mjpeg") : nil
    // Of fragments without a list libavformat walks through all, if it may.
    if !isProbed { unsafe context.pointee.flags |= AVFMT_FLAG_IGNIDX }
    let (opened, wasEnough) = reader.whileReading(atMost: index?.hasBareFragments == true ? Self.longestWalk : .max) {
      unsafe avformat_open_input(&format, nil, known, &options)
    }
    try reader.rethrow()
    hasMoreFragments = !wasEnough
    guard opened == 0 else {
      unsafe format = nil
      throw MediaError(.unknownContainer, "the file is no video of a kind we read", code: AVErrorCode(rawValue: opened))
    }
    noteWhatTracksTell()
    if !isProbed || headerIsEnough { return }
    let probed = unsafe avformat_find_stream_info(format, nil)
    try reader.rethrow()
    guard probed >= 0 else {
      throw MediaError(.undecodable, "the file is damaged: its streams cannot be found", code: AVErrorCode(rawValue: probed))
    }
  }

  /// Before samples are looked at.
  private func noteWhatTracksTell() {
    for index in unsafe 0..<Int(format!.pointee.nb_streams) {
      let parameters = unsafe format!.pointee.streams[index]!.pointee.codecpar!
      // libavformat has no word for AV1 with Dolby Vision.
      if unsafe CodecName.letters(of: parameters.pointee.codec_tag) == "dav1" {
        unsafe parameters.pointee.codec_id = AV_CODEC_ID_AV1
      }
      unsafe toldColours[index] = ToldColours(parameters)
    }
  }
}
