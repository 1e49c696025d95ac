internal import FoundationEssentials
internal import Logging
internal import Settings

/// One request through a handler: limits, logging, watchdog. The same under FastCGI and CGI.
struct Exchange {
  let handler: any RequestHandler
  let limits: RequestLimits
  let logger: Logger

  /// Why a request is answered before it reaches the handler.
  enum Refusal {
    case bodyTooLarge
    case bodyIncomplete
  }

  func reply(to request: Request, refusal: Refusal?) -> (reply: Reply, finished: () -> Void) {
    let id = request.identifier ?? UUID().uuidString.lowercased().replacing("-", with: "")
    let logger = self.logger.with([.requestID: .text(id)])
    let start = ContinuousClock.now
    var reply: Reply
    switch refusal {
    case .bodyTooLarge:
      reply = Reply(.failure(413, "The request body is longer than \(limits.maximumBodyBytes) bytes", code: "request"))
    case .bodyIncomplete:
      reply = Reply(.failure(400, "The request body ended early", code: "request"))
    case nil:
      if let age = ageSeconds(request), age > limits.deadlineSeconds {
        // Whoever asked is long gone: nothing is claimed for them.
        reply = Reply(
          .failure(503, "The request waited too long", code: "lost", isRetryable: true, headers: [("Retry-After", "1")]))
      } else {
        reply = handler.reply(to: request, logger: logger)
      }
    }
    let status = reply.response.status
    return (
      reply,
      {
        let elapsed = start.duration(to: .now).components
        let milliseconds = Double(elapsed.seconds) * 1000 + Double(elapsed.attoseconds) / 1e15
        logger.info(
          "request",
          [
            .method: .foreign(request.method), .path: .foreign(request.path), .status: .integer(status),
            .durationMilliseconds: .milliseconds(milliseconds),
          ])
      }
    )
  }

  /// Seconds since the web server received the request (nginx's `$msec`, passed as `REQUEST_RECEIVED`); nil without it.
  private func ageSeconds(_ request: Request) -> Double? {
    guard let received = request.variables["REQUEST_RECEIVED"].flatMap({ Double($0) }) else { return nil }
    return Date.now.timeIntervalSince1970 - received
  }
}
