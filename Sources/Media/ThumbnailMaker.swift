internal import Deadlines
internal import Decoding

/// Makes the pictures of a video: opens it, chooses a frame, renders and encodes it.
struct ThumbnailMaker {
  let limits: MediaLimits
  let options: ThumbnailOptions
  let deadline: Deadline
  let progress: () throws -> Void

  func make(from source: any ByteSource) throws -> Thumbnail {
    var stopwatch = Stopwatch()
    var stages: [String: Double] = [:]
    let file = try MediaFile.opening(source, limits: limits, deadline: deadline)
    stages["open"] = stopwatch.lap()
    let tracks = TrackChoice(file: file, shape: options.aspectRatio, deadline: deadline, progress: progress)
    let choice = try tracks.choose(requested: options.timeSeconds)
    stages["choose"] = stopwatch.lap()
    let displayed = choice.frame.presentation.displayedSize(of: choice.frame.frame)
    let aspect = options.aspectRatio ?? .fitting(displayedWidth: displayed.width, height: displayed.height)
    let series = PictureSeries(displayed, aspect, options)
    let chain = RenderChain(
      presentation: choice.frame.presentation, geometry: series.largest, format: options.mainFormat,
      background: choice.frame.background
    )
    let picture = try chain.run(choice.frame.frame)
    stages["render"] = stopwatch.lap()
    let (pictures, placeholder) = try series.pictures(of: picture)
    stages["encode"] = stopwatch.lap()
    // A told duration may be too short.
    let seconds = min(choice.frame.seconds, choice.durationSeconds ?? .infinity)
    return Thumbnail(
      pictures: pictures, placeholder: placeholder, aspectRatio: aspect, timestampSeconds: seconds,
      durationSeconds: choice.durationSeconds,
      score: choice.frame.score, candidates: choice.frame.candidates, rejected: choice.frame.rejected,
      isDegraded: choice.frame.isDegraded, note: choice.note, packetBytes: choice.packetBytes, container: file.containerName,
      codec: choice.codecName, sourceWidth: choice.frame.source.width, sourceHeight: choice.frame.source.height,
      stageMilliseconds: stages)
  }
}
