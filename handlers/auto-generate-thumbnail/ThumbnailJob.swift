internal import Database
internal import DatabaseClient
internal import Deadlines
internal import Decoding
internal import Failures
internal import FastCGI
internal import FoundationEssentials
internal import Logging
internal import Uploads

/// One claimed row: fetch, choose, encode, upload, complete, or record why not.
struct ThumbnailJob {
  let claim: Claim
  let keeper: LeaseKeeper
  let pipeline: Pipeline
  let store: any ObjectStore
  let queries: ThumbnailQueries
  let work: WorkSettings
  let deadline: Deadline
  let logger: Logger

  /// Does the work and answers for it. The row is in its next state when this returns, or its lease runs out.
  func run() -> Response {
    do {
      return try succeed()
    } catch let error as any ClassifiedError {
      return record(error)
    } catch {
      return record(UnexpectedError(underlying: error))
    }
  }

  private func succeed() throws -> Response {
    var stopwatch = Stopwatch()
    guard let url = claim.videoURL, !url.isEmpty else { throw MissingVideoURL() }
    let product = try pipeline.run(
      url: url,
      Pipeline.Order(
        aspectRatio: claim.aspectRatio.flatMap(AspectRatio.init(rawValue:)), timeSeconds: claim.timeSeconds,
        deadline: deadline, stillSeconds: work.leaseSeconds * 3 / 4, logger: logger, progress: keeper.progress))
    let making = stopwatch.lap()
    let thumbnail = product.thumbnail
    let key = ObjectKey.make(
      videoID: claim.videoID, bytes: thumbnail.bytes, token: claim.token, fileExtension: thumbnail.format.fileExtension)
    try store.put(
      thumbnail.bytes, key: key, contentType: thumbnail.format.contentType, deadline: keeper.deadlineOfSilentStep())
    let uploading = stopwatch.lap()
    let metadata = ThumbnailMetadata(product, key: key, makeMilliseconds: making, uploadMilliseconds: uploading)
    let thumbnailURL = store.publicURL(key)
    // From here on the result is handed in whatever the clock says: the token decides whether it counts, and an object that
    // does not is put down for the garbage collector.
    let outcome = try queries.complete(
      claim, thumbnailURL: thumbnailURL, key: key, metadata: metadata.json, keepSeconds: work.keepSeconds,
      deadline: max(deadline, .after(seconds: 3)))
    guard outcome != .fenced else { throw LeaseLost() }
    if outcome == .kept { logger.error("the platform refuses the result, which is kept: the video's history says why") }
    logger.info(
      "completed",
      [
        .outcome: .text(outcome.rawValue), .bytesFetched: .integer(product.bytesFetched), .requests: .integer(product.requests),
        LogKey(rawValue: "fetchMs"): .milliseconds(product.fetchMilliseconds),
        LogKey(rawValue: "makeMs"): .milliseconds(making), LogKey(rawValue: "uploadMs"): .milliseconds(uploading),
        LogKey(rawValue: "timestampSeconds"): .number(thumbnail.timestampSeconds),
      ])
    return .json(
      200,
      GenerateReply(
        videoId: claim.videoID, thumbnailUrl: thumbnailURL, method: metadata.method, optimized: true,
        kept: outcome == .kept ? true : nil
      ).encoded)
  }

  /// Puts the failure on the row, unless the row is no longer ours or cannot be reached.
  private func record(_ error: any ClassifiedError) -> Response {
    let logger = self.logger.with([
      .failureClass: .text(error.failureClass.rawValue), .error: .foreign(error.debugDescription),
    ])
    let text = error.description
    let limit = Deadline.after(seconds: max(3, min(deadline.secondsLeft, 10)))
    do {
      switch error.failureClass {
      case .lost, .database:
        logger.warning("given up")
      case .storage, .configuration:
        let outcome = try queries.release(
          claim, failureClass: error.failureClass.rawValue, text: text, retryAfterSeconds: error.retryAfterSeconds,
          deadline: limit)
        logger.error("released", [.outcome: .text(outcome.rawValue)])
      case .source, .media, .forbidden, .request:
        let outcome = try queries.fail(
          claim, failureClass: error.failureClass.rawValue, text: text, isRetryable: error.isRetryable,
          retryAfterSeconds: error.retryAfterSeconds, deadline: limit)
        logger.warning("failed", [.outcome: .text(outcome.rawValue)])
      }
    } catch {
      logger.error("the failure could not be recorded", [.detail: .foreign("\(error)")])
    }
    var headers: [(name: String, value: String)] = []
    if error.httpStatus == 503 || error.httpStatus == 409 {
      headers.append(("Retry-After", "\(Int((error.retryAfterSeconds ?? 10).rounded(.up)))"))
    }
    return .failure(
      error.httpStatus, text, code: error.failureClass.rawValue, isRetryable: error.isRetryable, headers: headers)
  }
}
