internal import Database
internal import DatabaseClient
internal import Deadlines
internal import DecoderClient
internal import Decoding
internal import Failures
internal import FastCGI
internal import Heartbeat
internal import Logging
internal import Uploads

/// One claimed row: fetches, chooses, encodes, uploads and completes it, or records why it failed.
struct ThumbnailJob {
  let claim: Claim
  let keeper: LeaseKeeper
  let pipeline: Pipeline
  let store: any ObjectStore
  let queries: ThumbnailQueries
  let ends: DecoderEnds
  let heartbeat: Heartbeat
  let work: WorkSettings
  let deadline: Deadline
  let logger: Logger

  /// Does the work and answers for it. When it returns, either the row is in its next state or its lease will run out.
  ///
  /// - Parameter isFree: whether the worker may claim another job while it writes the result.
  func run(takingNextWhile isFree: () -> Bool = { false }) -> JobOutcome {
    do {
      return try succeed(isFree)
    } catch {
      let error = UnexpectedError.classified(error)
      return JobOutcome(response: record(NoNetwork(error, store: store, keeper: keeper) ?? error), next: .notAsked)
    }
  }

  private func succeed(_ isFree: () -> Bool) throws -> JobOutcome {
    var stopwatch = Stopwatch()
    guard let url = claim.videoURL, !url.isEmpty else { throw MissingVideoURL() }
    let product = try pipeline.run(
      url: url,
      Pipeline.Order(
        aspectRatio: claim.aspectRatio.flatMap(AspectRatio.init(rawValue:)), timeSeconds: claim.timeSeconds,
        tenant: claim.tenant,
        deadline: keeper.makingDeadline, stillSeconds: work.leaseSeconds * 3 / 4, logger: logger, progress: keeper.progress,
        onDecoderDown: ends.note))
    let making = stopwatch.lap()
    let (key, others) = try upload(product.thumbnail.pictures)
    let uploading = stopwatch.lap()
    let metadata = ThumbnailMetadata(product, key: key, sizes: others, makeMilliseconds: making, uploadMilliseconds: uploading)
    let thumbnailURL = store.publicURL(key)
    // From here on the result is written however late it is. The token decides whether it counts; if it does not, the object is recorded
    // for the garbage collector.
    let (outcome, next) = try handIn(thumbnailURL: thumbnailURL, key: key, metadata: metadata.json, takesNext: isFree())
    guard outcome != .fenced else { return JobOutcome(response: record(LeaseLost()), next: next) }
    heartbeat.facts.completed += 1
    if outcome == .kept { logger.error("the platform refuses the result, which is kept: the video's history says why") }
    logger.info(
      "completed",
      [
        .outcome: .text(outcome.rawValue), .bytesFetched: .integer(product.bytesFetched), .requests: .integer(product.requests),
        LogKey(rawValue: "fetchMs"): .milliseconds(product.fetchMilliseconds),
        LogKey(rawValue: "makeMs"): .milliseconds(making), LogKey(rawValue: "uploadMs"): .milliseconds(uploading),
        LogKey(rawValue: "timestampSeconds"): .number(product.thumbnail.timestampSeconds),
      ])
    let made = GenerateReply.Inner(
      videoId: claim.videoID.text, thumbnailUrl: thumbnailURL, method: metadata.method, kept: outcome == .kept ? true : nil)
    return JobOutcome(response: .json(200, ReplyJSON.encode(GenerateReply(data: made))), next: next)
  }

  /// Uploads the main picture last: the garbage collector finds the others by its key.
  ///
  /// - Parameter pictures: the main one comes first.
  /// - Returns: the key of the main one, and the metadata of the others.
  private func upload(_ pictures: [EncodedPicture]) throws -> (key: String, others: [ThumbnailMetadata.Size]) {
    let main = pictures[0]
    let stem = ObjectKey.stem(videoID: claim.videoID.text, bytes: main.bytes, token: claim.token)
    let others = try pictures.dropFirst().map { picture in
      let key = "\(stem)-\(picture.longerSide).\(picture.format.fileExtension)"
      try put(picture, key)
      return ThumbnailMetadata.Size(picture, url: store.publicURL(key))
    }
    let key = "\(stem).\(main.format.fileExtension)"
    try put(main, key)
    return (key, others)
  }

  private func put(_ picture: EncodedPicture, _ key: String) throws {
    try store.put(picture.bytes, key: key, contentType: picture.format.contentType, deadline: keeper.deadlineOfSilentStep())
  }

  private func handIn(thumbnailURL: String, key: String, metadata: String, takesNext: Bool) throws(DatabaseError)
    -> (WriteOutcome, JobOutcome.Next)
  {
    let limit = max(deadline, .after(seconds: 3))
    guard takesNext else {
      let outcome = try queries.complete(
        claim, thumbnailURL: thumbnailURL, key: key, metadata: metadata, keepSeconds: work.keepSeconds, deadline: limit)
      return (outcome, .notAsked)
    }
    let leaseEnd = Deadline.after(seconds: work.leaseSeconds)
    let (outcome, next) = try queries.completeAndNext(
      claim, thumbnailURL: thumbnailURL, key: key, metadata: metadata, keepSeconds: work.keepSeconds,
      leaseSeconds: work.leaseSeconds,
      deadline: limit)
    return switch next {
    case .claimed(let claim)?: (outcome, .taken(TakenJob(claim: claim, leaseEnd: leaseEnd)))
    case .paused?, .nothingDue?: (outcome, .nothing)
    case .unsettled?, nil: (outcome, .notAsked)
    }
  }

  /// Records the failure on the row, unless the row is no longer ours or the database cannot be reached.
  private func record(_ error: any ClassifiedError) -> Response {
    let logger = self.logger.with([
      .failureClass: .text(error.failureClass.rawValue), .error: .foreign(error.debugDescription),
    ])
    let text = error.description
    let limit = Deadline.after(seconds: max(3, min(deadline.secondsLeft, 10)))
    do {
      switch error.consequence {
      case .leaveToLease:
        logger.warning("given up")
      case .release:
        let outcome = try queries.release(
          claim, failureClass: error.failureClass.rawValue, text: text, retryAfterSeconds: error.retryAfterSeconds,
          deadline: limit)
        logger.error("released", cause: text, [.outcome: .text(outcome.rawValue)])
      case .fail:
        let outcome = try queries.fail(
          claim, failureClass: error.failureClass.rawValue, text: text, isRetryable: error.isRetryable,
          retryAfterSeconds: error.retryAfterSeconds, deadline: limit)
        heartbeat.facts.failed += 1
        logger.warning("failed", [.outcome: .text(outcome.rawValue)])
      }
    } catch {
      logger.error("the failure could not be recorded", cause: error.description, [.error: .foreign(error.debugDescription)])
    }
    return .failure(error)
  }
}
