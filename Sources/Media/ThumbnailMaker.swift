package import Deadlines
package import Decoding

/// Makes a thumbnail of a video: open, choose a frame, render, encode. Knows no network.
package struct ThumbnailMaker: Sendable {
  private let limits: MediaLimits

  package init(limits: MediaLimits) {
    self.limits = limits
  }

  /// What FFmpeg's libraries had to say about the last file, for the log; forgotten once taken.
  package static func takeLibraryLog() -> [String] { LibraryLog.take() }

  /// - Parameter progress: called between steps; what it throws ends the work.
  /// - Throws: `MediaError`, `DeadlineExceeded`, or what the source or `progress` threw.
  package func make(
    from source: any ByteSource, options: ThumbnailOptions, deadline: Deadline, progress: @escaping () throws -> Void
  ) throws -> Thumbnail {
    var stopwatch = Stopwatch()
    var stages: [String: Double] = [:]
    let file = try open(source, deadline: deadline)
    stages["open"] = stopwatch.lap()
    let decoder = try KeyframeDecoder(file, deadline: deadline)
    let choice = try FrameChoice(file: file, decoder: decoder, deadline: deadline, progress: progress)
      .choose(requested: options.timeSeconds)
    stages["choose"] = stopwatch.lap()
    let orientation = file.orientation
    var displayed = (
      width: Double(choice.frame.width) * file.pixelAspect(of: choice.frame), height: Double(choice.frame.height)
    )
    if orientation.swapsSides { displayed = (displayed.height, displayed.width) }
    let aspect = options.aspectRatio ?? .fitting(displayedWidth: displayed.width, height: displayed.height)
    let geometry = PictureGeometry(displayedWidth: displayed.width, displayedHeight: displayed.height, aspect: aspect)
    let chain = RenderChain(orientation: orientation, geometry: geometry, format: options.format)
    let picture = try FilterGraph.run(choice.frame, chain: chain.filters(of: choice.frame))
    stages["render"] = stopwatch.lap()
    let bytes = try ImageEncoder(options: options).encode(picture)
    stages["encode"] = stopwatch.lap()
    return Thumbnail(
      bytes: bytes, width: picture.width, height: picture.height, format: options.format,
      aspectRatio: aspect, timestampSeconds: choice.seconds, durationSeconds: file.durationSeconds,
      score: choice.score, candidates: choice.candidates, rejected: choice.rejected, isDegraded: choice.isDegraded,
      packetBytes: decoder.packetBytes, container: file.containerName, codec: file.codecName, sourceWidth: choice.frame.width,
      sourceHeight: choice.frame.height, stageMilliseconds: stages)
  }

  /// Opens a file, and one with junk before it from where it begins.
  private func open(_ source: any ByteSource, deadline: Deadline) throws -> MediaFile {
    do {
      return try MediaFile(source, limits: limits, deadline: deadline)
    } catch let refusal as MediaError where [.unknownContainer, .noVideo, .undecodable].contains(refusal.kind) {
      guard let start = try LeadingJunk.length(in: source) else { throw refusal }
      return try MediaFile(ShiftedSource(source, from: start), limits: limits, deadline: deadline)
    }
  }
}
