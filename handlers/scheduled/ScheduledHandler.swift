internal import Auth
internal import FastCGI
internal import Logging

/// `POST /scheduled`: calls retry-stuck-thumbnails and returns its answer.
struct ScheduledHandler: RequestHandler {
  let retry: RetryCaller

  func methods(at path: String) -> [String] { ["POST"] }

  func reply(to request: Request, from caller: Caller, logger: Logger) -> Reply {
    let outcome = retry.call()
    if let failure = outcome.failure { logger.error("not swept", cause: failure) }
    return Reply(.json(outcome.failure == nil ? 200 : 503, outcome.body))
  }
}
