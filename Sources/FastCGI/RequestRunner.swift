internal import Deadlines
internal import Failures
internal import FoundationEssentials
internal import Logging

/// Runs one request through a handler with limits and logging, for FastCGI and CGI alike.
struct RequestRunner {
  let door: FrontDoor
  let limits: RequestLimits
  let logger: Logger

  /// Why a request is answered before it reaches the handler.
  enum Refusal {
    case bodyTooLarge
    case bodyIncomplete
    /// The caller left while the request waited for a free worker, so nothing is claimed.
    case callerGone
  }

  func reply(to request: Request, refusal: Refusal?) -> (reply: Reply, finished: () -> Void) {
    let id = request.identifier ?? UUID().uuidString.lowercased().replacing("-", with: "")
    let logger = self.logger.with([.requestID: .text(id)])
    let stopwatch = Stopwatch()
    let reply: Reply
    switch refusal {
    case .bodyTooLarge:
      reply = Reply(.refusal(413, "The request body is longer than \(limits.maximumBodyBytes) bytes"))
    case .bodyIncomplete:
      reply = Reply(.refusal(400, "The request body ended early"))
    case .callerGone:
      reply = Reply(.failure(503, "The caller has gone", code: FailureClass.lost.rawValue, isRetryable: true))
    case nil:
      reply = door.reply(to: request, logger: logger)
    }
    let status = reply.response.status
    return (
      reply,
      {
        logger.info(
          "request",
          [
            .method: .foreign(request.method), .path: .foreign(request.path), .status: .integer(status),
            .durationMilliseconds: .milliseconds(stopwatch.milliseconds),
          ])
      }
    )
  }
}
