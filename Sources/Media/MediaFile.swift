internal import CLibAV
internal import Deadlines
internal import Decoding

/// An opened video: its container (`AVFormatContext`) and the selected video track.
@safe final class MediaFile {
  let reader: SourceReader
  let limits: MediaLimits
  let head: FileHead
  private(set) var format: UnsafeMutablePointer<AVFormatContext>?
  /// The stream of the selected track.
  private(set) var streamIndex = 0
  /// The selected track is a picture that is attached to an audio file.
  private(set) var isCover = false
  /// Whether the last packet of the selected track has a picture's fields one after the other.
  var hasFieldPairs = false
  /// Whether it is MJPEG, and smaller than the container tells.
  var isShrunk = false
  private var factsByStream: [Int: StreamFacts] = [:]
  /// Whether the file has fragments that were not read, since it has no list of them and too many.
  private(set) var hasMoreFragments = false
  /// When the last of these fragments ends, in seconds.
  var endSeconds: Double?
  /// The other links of the chain to which this one belongs.
  var chain = Chain()

  /// The other links of a chained file.
  struct Chain {
    /// Those behind this one. Only the first link has them.
    var later: [MediaFile] = []
    /// How long those before this one are, in seconds.
    var earlierSeconds = 0.0
    /// How long all are together, in seconds; nil if it is no chain, or unknown.
    var totalSeconds: Double?
  }

  /// Opens the file and selects the first track.
  ///
  /// - Parameters:
  ///   - isProbed: whether samples are read if the header does not tell enough.
  ///   - heedsEdits: whether the parts that an edit list leaves out are skipped.
  init(_ source: any ByteSource, limits: MediaLimits, deadline: Deadline, isProbed: Bool = true, heedsEdits: Bool = true) throws
  {
    self.limits = limits
    if source.size == 0 { throw MediaError(.empty, "the file is empty") }
    head = try FileHead(of: source)
    let changed: any ByteSource = head.changes.isEmpty ? source : ChangedSource(source, head.changes)
    let read = head.skipped.map { SplicedSource(changed, skipping: $0, kind: .cluster) } ?? changed
    reader = try SourceReader(read, deadline: deadline)
    // A list of ID3 tags can be made to take minutes.
    reader.end = limits.searchEnd
    defer { reader.end = .infinity }
    if let count = head.trackCount, count > limits.maximumStreams {
      throw MediaError(
        .overLimit, "the file has \(count) tracks, at most \(limits.maximumStreams) are read (MEDIA_MAX_STREAMS)")
    }
    try open(isProbed: isProbed, heedsEdits: heedsEdits, analysing: Self.soon)
    if isProbed && !headerIsEnough && !pictureIsKnown {
      unsafe avformat_close_input(&format)
      unsafe _ = avio_seek(reader.context, 0, SEEK_SET)
      try open(isProbed: isProbed, heedsEdits: heedsEdits, analysing: 0)
    }
    guard let first = tracks.first else { throw lackOfVideo }
    take(first)
    if isProbed && head.index?.hasBareFragments == true { try findEndOfFragments() }
  }

  /// Makes a track the selected one, without checking it.
  func take(_ track: VideoTrack) {
    streamIndex = track.stream
    isCover = track.isCover
    guard facts.start == nil else { return }
    let own = begins(track.stream) ?? 0
    let first = audioTracks(with: track.stream).compactMap(begins).min().map { min($0, own) } ?? own
    facts.start = first
    facts.lateSeconds = own - first
  }

  /// The audio tracks of the same programme: other programmes have other clocks.
  private func audioTracks(with track: Int) -> [Int] {
    let program = unsafe av_find_program_from_stream(format, nil, Int32(track))
    let members =
      unsafe program.map {
        unsafe UnsafeBufferPointer(start: $0.pointee.stream_index, count: Int($0.pointee.nb_stream_indexes)).map(Int.init)
      }
      ?? Array(streams)
    return members.filter { unsafe stream($0).pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_AUDIO }
  }

  var streams: Range<Int> { unsafe 0..<Int(format!.pointee.nb_streams) }

  /// When a stream begins, in seconds, as far as the header tells. If a stream was recorded from its middle, that is the time of the first
  /// piece.
  private func begins(_ index: Int) -> Double? {
    let stream = unsafe stream(index)
    var start = unsafe stream.pointee.start_time
    if start == cav_no_pts() {
      if let first = head.beginsSeconds { return first }
      guard containerName.hasPrefix("mov"), let first = unsafe avformat_index_get_entry(stream, 0) else { return nil }
      start = unsafe max(0, first.pointee.timestamp)
    }
    return unsafe Double(start) * av_q2d(stream.pointee.time_base)
  }

  /// The colours of the selected track, as the container tells them.
  var colours: ToldColours { unsafe facts.colours ?? ToldColours(parameters) }

  /// What is kept of the selected stream.
  var facts: StreamFacts {
    get { factsByStream[streamIndex] ?? StreamFacts() }
    set { factsByStream[streamIndex] = newValue }
  }

  /// Sets the time, in seconds, from which the selected track's time is counted.
  func begin(at start: Double) { facts.start = start }

  deinit {
    unsafe avformat_close_input(&format)
  }

  func stream(_ index: Int) -> UnsafeMutablePointer<AVStream> { unsafe format!.pointee.streams[index]! }
  var stream: UnsafeMutablePointer<AVStream> { unsafe stream(streamIndex) }
  var parameters: UnsafeMutablePointer<AVCodecParameters> { unsafe stream.pointee.codecpar }

  /// When the file begins, in seconds: with the first picture, or with audio before it, as players count. 0 if the header does not tell:
  /// libavformat then uses the first packet that it happens to read, even after a seek.
  var start: Double { facts.start ?? 0 }

  /// Converts a time since the beginning of the video to units of the stream's time base. Values out of range become the nearest possible
  /// one, whatever a hostile file tells of durations and time bases.
  func ticks(_ seconds: Double) -> Int64 {
    let ticks = ((seconds + start) / secondsPerTick).rounded(.down)
    guard !ticks.isNaN else { return 0 }
    return Int64(exactly: ticks) ?? (ticks > 0 ? .max : .min)
  }

  /// When a picture is shown, in seconds since the beginning of the video.
  func seconds(of frame: borrowing Frame) -> Double {
    let seconds = frame.timestamp.map { Double($0) * secondsPerTick - start } ?? 0
    return seconds.isFinite ? max(0, seconds) : 0
  }

  var secondsPerTick: Double { unsafe av_q2d(stream.pointee.time_base) }

  /// The most pictures to decode one after another: `MEDIA_MAX_FRAMES` for 1280 by 720 pixels, down to a quarter of that for larger
  /// pictures, up to eight times as many for smaller ones.
  var mostFrames: Int {
    let pixels = unsafe Int(parameters.pointee.width) * Int(parameters.pointee.height)
    let factor = min(max(Double(1280 * 720) / Double(max(pixels, 1)), 0.25), 8)
    return max(1, Int(Double(limits.maximumFrames) * factor))
  }

  var containerName: String { unsafe String(cString: format!.pointee.iformat.pointee.name) }
  var codecName: String { unsafe String(cString: avcodec_get_name(parameters.pointee.codec_id)) }

  /// Pixel aspect ratio, width to height; 1 if it is unknown or implausible.
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

  /// How much to analyse at first, in microseconds. libavformat would read on by megabytes for details of the audio, which nobody needs
  /// here. This is enough for the pictures unless they come late.
  private static let soon: Int64 = 500_000

  /// - Parameter duration: how much of a track to analyse, in microseconds; 0 for libavformat's default.
  private func open(isProbed: Bool, heedsEdits: Bool, analysing duration: Int64) throws {
    LibraryLog.capture()
    guard let context = unsafe avformat_alloc_context() else { throw MediaError.memory }
    unsafe context.pointee.pb = reader.context
    unsafe context.pointee.probesize = Int64(limits.probeBytes)
    unsafe context.pointee.max_analyze_duration = duration
    unsafe context.pointee.max_streams = Int32(limits.maximumStreams)
    // The frame rate is not used: libavformat would read forty frames to find it.
    unsafe context.pointee.fps_probe_size = 0
    unsafe context.pointee.flags |= AVFMT_FLAG_CUSTOM_IO
    var options = unsafe demuxerOptions(heedsEdits: heedsEdits)
    defer { unsafe av_dict_free(&options) }
    // avformat_open_input frees the context when it fails, and sets the pointer to NULL.
    unsafe format = context
    let known = unsafe head.isMotionJPEG ? av_find_input_format("mjpeg") : nil
    // Without a list of fragments, libavformat would read all of them.
    if !isProbed { unsafe context.pointee.flags |= AVFMT_FLAG_IGNIDX }
    let (opened, wasEnough) = reader.whileReading(atMost: head.index?.hasBareFragments == true ? Self.longestWalk : .max) {
      unsafe avformat_open_input(&format, nil, known, &options)
    }
    try reader.rethrow()
    hasMoreFragments = !wasEnough
    guard opened == 0 else {
      throw MediaError(
        .unknownContainer,
        "the file is no video of a kind that is read: it is damaged, its beginning is missing, or it has to be converted, to MP4, say",
        code: AVErrorCode(rawValue: opened))
    }
    noteWhatTracksTell()
    if !isProbed || headerIsEnough { return }
    // It counts only what comes of the tracks: of a scrambled stream, nothing does.
    let (probed, _) = reader.whileReading(atMost: 2 * limits.probeBytes) {
      unsafe avformat_find_stream_info(format, nil)
    }
    try reader.rethrow()
    guard probed >= 0 else {
      throw MediaError(.undecodable, "the file is damaged: its streams cannot be found", code: AVErrorCode(rawValue: probed))
    }
  }

  /// Whether no seek leads to the first picture: the demuxer of AV1's Annex B does not notice one, and that of RealMedia notes where
  /// pictures end.
  var hasNoWayBack: Bool { ["av1", "rm"].contains(containerName) }

  /// Opens the file again, to read on from its beginning.
  func reopen() throws {
    let discarded = streams.map { unsafe stream($0).pointee.discard }
    var former = unsafe format
    defer { unsafe avformat_close_input(&former) }
    unsafe _ = avio_seek(reader.context, 0, SEEK_SET)
    do {
      try open(isProbed: true, heedsEdits: true, analysing: Self.soon)
      guard streamIndex < streams.count else { throw MediaError.undecodable }
    } catch {
      // Other tracks are tried, and the file is described, with what was known of it.
      unsafe swap(&format, &former)
      throw error
    }
    for (index, discard) in zip(streams, discarded) { unsafe stream(index).pointee.discard = discard }
  }

  /// Must be called before samples are read.
  private func noteWhatTracksTell() {
    for index in streams {
      let parameters = unsafe stream(index).pointee.codecpar!
      // libavformat does not know this tag of AV1 with Dolby Vision.
      if unsafe CodecName.letters(of: parameters.pointee.codec_tag) == "dav1" {
        unsafe parameters.pointee.codec_id = AV_CODEC_ID_AV1
      }
      unsafe factsByStream[index, default: StreamFacts()].colours = ToldColours(parameters)
    }
  }
}
