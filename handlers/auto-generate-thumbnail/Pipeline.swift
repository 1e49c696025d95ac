internal import Deadlines
internal import DecoderClient
internal import Decoding
internal import Logging
internal import Transfer

/// From a video's URL to a finished picture: the same for a row and for `render`.
struct Pipeline {
  private let decoder: Decoder
  private let client = HTTPClient()
  private let settings: RenderSettings
  private let logger: Logger

  /// - Parameter decoders: whether there is one decoder for many videos, or one for each.
  init(_ settings: RenderSettings, decoders style: Decoder.Style, logger: Logger) {
    self.settings = settings
    self.logger = logger
    decoder = Decoder(settings.decoder, style: style, logger: logger)
  }

  /// Starts the decoder before anybody waits for it.
  ///
  /// - Returns: what there is to know about it, in one line.
  /// - Throws: `DecoderUnavailable` where only a person can help: any other fault the next video may not meet.
  func startDecoder() throws -> String {
    do {
      return try decoder.start()
    } catch let lack as DecoderUnavailable where !lack.isPermanent {
      return lack.description
    }
  }

  /// A picture and what it cost.
  struct Product {
    let thumbnail: Thumbnail
    let bytesFetched: Int
    let requests: Int
    /// Time spent waiting for the origin, in milliseconds.
    let fetchMilliseconds: Double
  }

  /// What a job wishes and how long it may take.
  struct Order {
    /// Nil for the shape of the video.
    var aspectRatio: AspectRatio?
    /// Nil for a choice.
    var timeSeconds: Double?
    var tenant: String?
    let deadline: Deadline
    /// How long the decoder may do nothing at all, in seconds.
    let stillSeconds: Double
    let logger: Logger
    /// Called whenever the work has come further; what it throws ends it.
    let progress: () throws -> Void
    /// Called whenever the video has brought a decoder down.
    var broughtDown: (DecoderDown) -> Void = { _ in }
  }

  func run(url: String, _ order: Order) throws -> Product {
    let source = try RangedSource(
      SourceURL(url), client: client, settings: settings.source, deadline: order.deadline, progress: order.progress)
    do {
      let thumbnail = try make(from: RemoteVideo(source), order)
      return Product(
        thumbnail: thumbnail, bytesFetched: source.bytesFetched, requests: source.requests,
        fetchMilliseconds: source.milliseconds)
    } catch let error as MediaError where source.contentType.lowercased().hasPrefix("text/html") {
      throw SourceIsWebPage(underlying: error)
    }
  }

  func run(file: LocalVideo, _ order: Order) throws -> Product {
    let thumbnail = try make(from: file, order)
    return Product(thumbnail: thumbnail, bytesFetched: file.bytesRead, requests: 0, fetchMilliseconds: 0)
  }

  private func make(from source: any ByteSource, _ order: Order) throws -> Thumbnail {
    var options = settings.thumbnail
    options.aspectRatio = order.aspectRatio
    options.timeSeconds = order.timeSeconds
    return try decoder.make(
      Decoder.Request(
        source: source, limits: settings.media, options: options, tenant: order.tenant, deadline: order.deadline,
        stillSeconds: order.stillSeconds, logger: order.logger, progress: order.progress,
        broughtDown: order.broughtDown))
  }
}
