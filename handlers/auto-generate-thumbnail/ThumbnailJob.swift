internal import Database
internal import DatabaseClient
internal import Deadlines
internal import Decoding
internal import Failures
internal import FastCGI
internal import Heartbeat
internal import Logging
internal import Uploads

/// One claimed row: fetches, chooses, encodes, uploads and completes it, or records why it failed.
struct ThumbnailJob {
  let attempt: Attempt
  let heartbeat: Heartbeat

  /// Does the work and answers for it. When it returns, either the row is in its next state or its lease will run out.
  ///
  /// - Parameter isFree: whether the worker may claim another job while it writes the result.
  func run(takingNextWhile isFree: () -> Bool = { false }) -> JobOutcome {
    do {
      return try succeed(isFree)
    } catch {
      return JobOutcome(response: record(attempt.classified(error)), next: .unknown)
    }
  }

  private func succeed(_ isFree: () -> Bool) throws -> JobOutcome {
    let claim = attempt.claim
    let logger = attempt.logger
    var stopwatch = Stopwatch()
    let product = try attempt.pipeline.run(url: attempt.videoURL(), attempt.order(timeSeconds: claim.timeSeconds))
    let making = stopwatch.lap()
    let (key, others) = try upload(product.made.pictures)
    let uploading = stopwatch.lap()
    let metadata = ThumbnailMetadata(product, key: key, sizes: others, makeMilliseconds: making, uploadMilliseconds: uploading)
    let thumbnailURL = attempt.store.publicURL(key)
    let (outcome, next) = try attempt.queries.complete(
      claim, thumbnailURL: thumbnailURL, key: key, metadata: metadata.json, keepSeconds: attempt.work.keepSeconds,
      takingNextFor: isFree() ? attempt.work.leaseSeconds : nil, deadline: attempt.keeper.writingDeadline)
    guard outcome != .fenced else { return JobOutcome(response: record(LeaseLost()), next: next) }
    heartbeat.facts.completed += 1
    if outcome == .kept { logger.error("the platform refuses the result, which is kept: the video's history says why") }
    logger.info(
      "completed",
      [
        .outcome: .text(outcome.rawValue), .bytesFetched: .integer(product.bytesFetched), .requests: .integer(product.requests),
        LogKey(rawValue: "fetchMs"): .milliseconds(product.fetchMilliseconds),
        LogKey(rawValue: "makeMs"): .milliseconds(making), LogKey(rawValue: "uploadMs"): .milliseconds(uploading),
        LogKey(rawValue: "timestampSeconds"): .number(product.made.timestampSeconds),
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
    let stem = ObjectKey.stem(videoID: attempt.claim.videoID.text, bytes: main.bytes, token: attempt.claim.token)
    let others = try pictures.dropFirst().map { picture in
      let key = ObjectKey.sibling(stem, picture.longerSide, type: picture.format.fileExtension)
      try put(picture, key)
      return ThumbnailMetadata.Size(picture, url: attempt.store.publicURL(key))
    }
    let key = ObjectKey.main(stem, type: main.format.fileExtension)
    try put(main, key)
    return (key, others)
  }

  private func put(_ picture: EncodedPicture, _ key: String) throws {
    try attempt.put(picture.bytes, key: key, contentType: picture.format.contentType)
  }

  /// Records the failure on the row, unless the row is no longer ours or the database cannot be reached.
  private func record(_ error: any ClassifiedError) -> Response {
    let logger = attempt.logger.with([
      .failureClass: .text(error.failureClass.rawValue), .error: .foreign(error.debugDescription),
    ])
    do {
      let outcome = try attempt.record(error)
      // Whatever has failed here, the video is another claim's: in a process that stood still, the store seems to be too slow.
      if outcome == .fenced {
        logger.warning("given up")
        return .failure(LeaseLost())
      }
      let told = LogValue.text(outcome?.rawValue ?? "")
      switch error.consequence {
      case .leaveToLease: logger.warning("given up")
      case .release: logger.error("released", cause: error.description, [.outcome: told])
      case .fail:
        heartbeat.facts.failed += 1
        logger.warning("failed", [.outcome: told])
      }
    } catch {
      logger.error("the failure could not be recorded", error)
    }
    return .failure(error)
  }
}
