internal import Database
internal import FastCGI
internal import Logging

/// Starts videos again for a person, and wakes workers for them at once.
struct Restarts {
  let queries: RestartQueries
  let waker: WorkerWaker
  let look: CachedLook

  func answer(_ request: RestartRequest, _ logger: Logger) throws -> Response {
    let json =
      switch request {
      case .video(let id): try queries.restart(id)
      case .waiting(let count): try queries.restartWaiting(count)
      case .failed(let count, let which):
        try queries.restartFailed(count, error: which.error, failureClass: which.failureClass, before: which.before)
      }
    let outcome = try ManualOutcome(json)
    look.forget()
    if let refusal = outcome.refusal { return refusal }
    logger.info("started again by hand", [.count: .integer(outcome.processed ?? 1)])
    _ = waker.wake()
    return .json(200, ReplyJSON.success(data: json))
  }
}
