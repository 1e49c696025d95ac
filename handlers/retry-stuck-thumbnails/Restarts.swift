internal import Database
internal import Failures
internal import FastCGI
internal import FoundationEssentials
internal import Logging

/// Starts videos again that a person asks for, and delivers them at once.
struct Restarts {
  let queries: RestartQueries
  let delivery: Delivery
  let look: CachedLook

  func answer(_ request: RestartRequest, _ logger: Logger) throws -> Response {
    let json =
      switch request {
      case .video(let id): try queries.restart(id)
      case .waiting(let count): try queries.restartWaiting(count)
      case .failed(let count, let which):
        try queries.restartFailed(count, error: which.error, failureClass: which.failureClass, before: which.before)
      }
    let outcome = try JSONDecoder().decode(Outcome.self, from: Data(json.utf8))
    look.forget()
    guard outcome.success else { return Self.refusal(outcome.error ?? "Nothing was started") }
    logger.info("started again by hand", [.count: .integer(outcome.processed ?? 1)])
    _ = try delivery.wake()
    return .json(200, ReplyJSON.success(data: json))
  }

  /// The sentences are those of the database's functions.
  static func refusal(_ text: String) -> Response {
    switch text {
    case "Video not found": .failure(404, text, code: FailureClass.request.rawValue, isRetryable: false)
    case "Video URL is null": .failure(422, text, code: FailureClass.media.rawValue, isRetryable: false)
    case "Video is not completed", "Thumbnail already exists":
      .failure(409, text, code: FailureClass.request.rawValue, isRetryable: false)
    default: .failure(503, text, code: FailureClass.configuration.rawValue, isRetryable: true, headers: [("Retry-After", "60")])
    }
  }

  private struct Outcome: Decodable {
    let success: Bool
    let error: String?
    let processed: Int?
  }
}
