internal import Deadlines
internal import Media
internal import Transfer

/// From a video's URL to a finished picture: the same for a row and for `render`.
struct Pipeline {
  private let client = HTTPClient()
  private let settings: RenderSettings
  private let maker: ThumbnailMaker

  init(_ settings: RenderSettings) {
    self.settings = settings
    maker = ThumbnailMaker(limits: settings.media)
  }

  /// A picture and what it cost.
  struct Product {
    let thumbnail: Thumbnail
    let bytesFetched: Int
    let requests: Int
    /// Time spent waiting for the origin, in milliseconds.
    let fetchMilliseconds: Double
  }

  /// - Parameters:
  ///   - options: nil fields are decided by the video.
  ///   - progress: called whenever the work has come further; what it throws ends it.
  func run(
    url: String, aspectRatio: AspectRatio?, timeSeconds: Double?, deadline: Deadline, progress: @escaping () throws -> Void
  ) throws -> Product {
    let source = try RangedSource(
      SourceURL(url), client: client, settings: settings.source, deadline: deadline, progress: progress)
    do {
      let thumbnail = try make(from: RemoteVideo(source), aspectRatio, timeSeconds, deadline, progress)
      return Product(
        thumbnail: thumbnail, bytesFetched: source.bytesFetched, requests: source.requests,
        fetchMilliseconds: source.milliseconds)
    } catch let error as MediaError where source.contentType.lowercased().hasPrefix("text/html") {
      throw SourceIsWebPage(underlying: error)
    }
  }

  func run(
    file: LocalVideo, aspectRatio: AspectRatio?, timeSeconds: Double?, deadline: Deadline
  ) throws -> Product {
    let thumbnail = try make(from: file, aspectRatio, timeSeconds, deadline, {})
    return Product(thumbnail: thumbnail, bytesFetched: file.bytesRead, requests: 0, fetchMilliseconds: 0)
  }

  private func make(
    from source: any ByteSource, _ aspectRatio: AspectRatio?, _ timeSeconds: Double?, _ deadline: Deadline,
    _ progress: @escaping () throws -> Void
  ) throws -> Thumbnail {
    var options = settings.thumbnail
    options.aspectRatio = aspectRatio
    options.timeSeconds = timeSeconds
    return try maker.make(from: source, options: options, deadline: deadline, progress: progress)
  }
}
