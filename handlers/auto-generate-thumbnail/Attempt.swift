internal import Database
internal import DatabaseClient
internal import Deadlines
internal import DecoderClient
internal import Decoding
internal import Failures
internal import Logging
internal import Uploads

/// One claim, and what its worker needs: the part that thumbnails and storyboards share.
struct Attempt {
  let claim: Claim
  let keeper: LeaseKeeper
  let pipeline: Pipeline
  let store: any ObjectStore
  let queries: ThumbnailQueries
  let work: WorkSettings
  let logger: Logger

  func videoURL() throws(MediaError) -> String {
    guard let url = claim.videoURL, !url.isEmpty else { throw .noURL }
    return url
  }

  /// - Parameter progress: called with the keeper's own.
  func order(timeSeconds: Double? = nil, progress: @escaping () throws -> Void = {}) -> Pipeline.Order {
    Pipeline.Order(
      aspectRatio: claim.aspectRatio.flatMap(AspectRatio.init(rawValue:)), timeSeconds: timeSeconds,
      terms: Decoder.Terms(
        tenant: claim.tenant, deadline: keeper.makingDeadline, stillSeconds: work.leaseSeconds * 3 / 4, logger: logger,
        progress: {
          try keeper.progress()
          try progress()
        }, onDecoderDown: { queries.note($0, of: claim.videoID, logger) }))
  }

  func put(_ bytes: [UInt8], key: String, contentType: String) throws {
    try store.put(bytes, key: key, contentType: contentType, deadline: keeper.deadlineOfSilentStep())
  }

  func classified(_ error: any Error) -> any ClassifiedError {
    let error = UnexpectedError.classified(error)
    return NoNetwork(error, store: store, pipeline: pipeline, keeper: keeper) ?? error
  }

  /// Records a failure as its class demands.
  ///
  /// - Returns: nil if nothing is written, since the row is no longer this worker's.
  func record(_ error: any ClassifiedError) throws(DatabaseError) -> WriteOutcome? {
    switch error.consequence {
    case .leaveToLease: nil
    case .release, .fail:
      try queries.fail(
        claim, failureClass: error.failureClass, text: error.description,
        isRetryable: error.consequence == .fail ? error.isRetryable : nil, retryAfterSeconds: error.retryAfterSeconds,
        deadline: recordDeadline)
    }
  }

  /// When a failure must be written.
  var recordDeadline: Deadline { min(keeper.writingDeadline, .after(seconds: 10)) }
}
