package import Deadlines

/// Makes a thumbnail of a video: open, choose a frame, render, encode. Knows no network.
package struct ThumbnailMaker: Sendable {
  private let limits: MediaLimits

  package init(limits: MediaLimits) {
    self.limits = limits
  }

  /// - Parameter progress: called between steps; what it throws ends the work.
  /// - Throws: `MediaError`, `DeadlineExceeded`, or what the source or `progress` threw.
  package func make(
    from source: any ByteSource, options: ThumbnailOptions, deadline: Deadline, progress: @escaping () throws -> Void
  ) throws -> Thumbnail {
    var stopwatch = Stopwatch()
    var stages: [String: Double] = [:]
    let file = try MediaFile(source, limits: limits, deadline: deadline)
    stages["open"] = stopwatch.lap()
    let decoder = try KeyframeDecoder(file, deadline: deadline)
    let choice = try FrameChoice(file: file, decoder: decoder, progress: progress).choose(requested: options.timeSeconds)
    stages["choose"] = stopwatch.lap()
    let orientation = file.orientation
    var displayed = (width: Double(choice.frame.width) * file.pixelAspect, height: Double(choice.frame.height))
    if orientation.swapsSides { displayed = (displayed.height, displayed.width) }
    let aspect = options.aspectRatio ?? .fitting(displayedWidth: displayed.width, height: displayed.height)
    let geometry = PictureGeometry(displayedWidth: displayed.width, displayedHeight: displayed.height, aspect: aspect)
    let picture = try FilterGraph.run(
      choice.frame, chain: RenderChain.filters(of: choice.frame, orientation: orientation, geometry: geometry))
    stages["render"] = stopwatch.lap()
    let bytes = try JPEGEncoder.encode(picture, quality: options.jpegQuality)
    stages["encode"] = stopwatch.lap()
    return Thumbnail(
      bytes: bytes, width: picture.width, height: picture.height, format: "jpeg", contentType: "image/jpeg",
      fileExtension: "jpg", aspectRatio: aspect, timestampSeconds: choice.seconds, durationSeconds: file.durationSeconds,
      candidates: choice.candidates, rejected: choice.rejected, isDegraded: choice.isDegraded,
      container: file.containerName, codec: file.codecName, sourceWidth: choice.frame.width,
      sourceHeight: choice.frame.height, stageMilliseconds: stages)
  }
}
