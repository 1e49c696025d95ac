internal import Deadlines
internal import DecoderClient
internal import Decoding
internal import Logging
internal import Transfer

/// Makes a finished picture from a video's URL or file, both for a row and for `render`.
struct Pipeline {
  private let decoder: Decoder
  private let client = HTTPClient()
  private let origins = KnownOrigins()
  private let settings: RenderSettings
  private let logger: Logger

  /// - Parameter decoders: whether one decoder serves many videos, or each video gets its own.
  init(_ settings: RenderSettings, decoders style: Decoder.Style, logger: Logger) {
    self.settings = settings
    self.logger = logger
    decoder = Decoder(settings.decoder, style: style, logger: logger)
  }

  /// Starts the decoder and loads what the HTTP client needs, so that no request waits for them.
  ///
  /// - Returns: one line about the decoder, for the log.
  /// - Throws: `DecoderUnavailable` if only a person can help. Other faults are only returned as text: the next video may not meet them.
  func startDecoder() throws -> String {
    client.warmUp()
    do {
      return try decoder.start()
    } catch let lack as DecoderUnavailable where !lack.isPermanent {
      return lack.description
    }
  }

  func run(url: String, _ order: Order) throws -> Product<Thumbnail> {
    let source = try open(url, order.terms)
    return try product(of: source) {
      do {
        return try make(from: source, order)
      } catch let error as SourceError where order.timeSeconds == nil && source.endWithWhatHasCome() {
        guard let thumbnail = try makeFromBeginning(source, order) else { throw error }
        return thumbnail
      }
    }
  }

  func run(file: LocalVideo, _ order: Order) throws -> Product<Thumbnail> {
    Product(made: try make(from: file, order), bytesFetched: file.bytesRead, requests: 0, fetchMilliseconds: 0)
  }

  func survey(url: String, _ survey: SurveyOrder, _ order: Order) throws -> Product<Moments> {
    let source = try open(url, order.terms, mostBytes: survey.mostBytes)
    var options = ThumbnailOptions()
    options.aspectRatio = order.aspectRatio
    options.sizes = [survey.side]
    options[qualityOf: .jpeg] = survey.quality
    var limits = settings.media
    if let most = survey.mostBytes { limits.searchBytes = most }
    return try product(of: source) {
      let result = try decoder.make(
        survey.task, of: source, limits: self.limits(limits, for: source), options: options, order.terms)
      guard case .moments(let moments) = result else { preconditionFailure("the answer to another question was checked") }
      return moments
    }
  }

  private func open(_ url: String, _ terms: Decoder.Terms, mostBytes: Int? = nil) throws -> RangedSource {
    var settings = settings.source
    settings.silentSeconds = terms.stillSeconds
    if let mostBytes {
      // Each picture takes a request, and the index takes some.
      settings.maximumBytes = max(settings.maximumBytes, mostBytes)
      settings.maximumRequests = max(settings.maximumRequests, 3 * DecodingTask.mostTiles)
    }
    decoder.expect(tenant: terms.tenant)
    return try RangedSource(
      SourceURL(url), client: client, settings: settings, deadline: terms.deadline, origins: origins,
      progress: terms.progress)
  }

  /// Whether an origin answers that has answered before; nil if none is known but the one that was silent last.
  func reachesOtherOrigins(deadline: Deadline) -> Bool? {
    origins.answers(client, userAgent: settings.source.userAgent, deadline: deadline)
  }

  /// A search ends before the source does: what is fetched ahead, and besides the pictures, counts there, too.
  private func limits(_ limits: MediaLimits, for source: RangedSource) -> MediaLimits {
    var limits = limits
    limits.searchBytes = min(limits.searchBytes, source.maximumBytes / 4 * 3)
    return limits
  }

  /// Most containers can be read from their beginning, which is all that comes of a large file from an origin without ranges.
  ///
  /// - Returns: nil if that is not enough.
  private func makeFromBeginning(_ source: RangedSource, _ order: Order) throws -> Thumbnail? {
    do {
      var thumbnail = try make(from: source, order)
      // Perhaps it is only that of the beginning.
      thumbnail.durationSeconds = nil
      return thumbnail
    } catch is MediaError {
      return nil
    }
  }

  private func product<Made>(of source: RangedSource, _ work: () throws -> Made) throws -> Product<Made> {
    do {
      let made = try work()
      return Product(
        made: made, bytesFetched: source.bytesFetched, requests: source.requests, fetchMilliseconds: source.milliseconds)
    } catch let error as MediaError {
      throw AnsweredWithPage(error, contentType: source.contentType) ?? error
    }
  }

  private func make(from source: any ByteSource, _ order: Order) throws -> Thumbnail {
    var options = settings.thumbnail
    options.aspectRatio = order.aspectRatio
    options.timeSeconds = order.timeSeconds
    let limits = (source as? RangedSource).map { self.limits(settings.media, for: $0) } ?? settings.media
    let result = try decoder.make(of: source, limits: limits, options: options, order.terms)
    guard case .thumbnail(let thumbnail) = result else { preconditionFailure("the answer to another question was checked") }
    return thumbnail
  }
}
