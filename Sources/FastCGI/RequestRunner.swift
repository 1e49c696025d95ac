internal import Deadlines
internal import Failures
internal import FoundationEssentials
internal import Logging

/// Runs requests, and the work between them, through a handler with limits and logging, for FastCGI and CGI alike.
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

  /// Answers a request, and does what follows the answer.
  ///
  /// - Parameters:
  ///   - isIdle: whether this process was waiting to be woken.
  ///   - send: sends the answer, and tells the web server that it is complete.
  /// - Returns: whether the handler is to go on afterwards.
  func serve(_ request: Request, refusal: Refusal?, byIdleWorker isIdle: Bool, send: ([UInt8]) -> Void) -> Bool {
    let id = request.identifier ?? UUID().uuidString.lowercased().replacing("-", with: "")
    let logger = self.logger.with([.requestID: .text(id)])
    let stopwatch = Stopwatch()
    let reply = refusal.map { Reply(response(to: $0)) } ?? door.reply(to: request, logger: logger)
    send(reply.response(fromIdleWorker: isIdle).serialized)
    reply.afterwards?()
    logger.info(
      "request",
      [
        .method: .foreign(request.method), .path: .foreign(request.path), .status: .integer(reply.response.status),
        .durationMilliseconds: .milliseconds(stopwatch.milliseconds),
      ])
    return reply.continuesWork
  }

  private func response(to refusal: Refusal) -> Response {
    switch refusal {
    case .bodyTooLarge: .refusal(413, "The request body is longer than \(limits.maximumBodyBytes) bytes")
    case .bodyIncomplete: .refusal(400, "The request body ended early")
    case .callerGone: .failure(503, "The caller has gone", .lost)
    }
  }

  /// Lets the handler work until `isFree` returns false, the process is told to stop, or nothing is left to do.
  ///
  /// - Returns: whether there may be more to do.
  func continueWork(while isFree: @escaping () -> Bool) -> Bool {
    defer { Watchdog.stop() }
    return door.handler.continueWork(
      while: {
        // Each piece of work has its own deadline.
        Watchdog.start(seconds: watchdogSeconds)
        door.handler.beat()
        return !GracefulStop.isRequested && isFree()
      }, logger: logger)
  }

  /// How long a request or a piece of work may take before the process is killed (``Watchdog``).
  var watchdogSeconds: Double { limits.deadlineSeconds + 5 }
}
