internal import Auth
internal import Database
internal import FastCGI
internal import Logging

/// Does what people ask for: actions on many videos at once, and pauses.
struct Operations {
  let queries: OperatorQueries
  let waker: WorkerWaker
  let look: CachedLook

  func answer(_ request: OperatorRequest, by name: String?, from caller: Caller, _ logger: Logger) throws -> Response {
    let who = name.flatMap { $0.isEmpty ? nil : $0 } ?? "whoever has \(caller.secretName)"
    let json =
      switch request {
      case .act(let action, let filter, let batch, let before):
        try queries.act(action.rawValue, on: filter.json, batch: batch, before: before, by: who)
      case .pause(let tenant, let host, let reason): try queries.pause(tenant: tenant, host: host, by: who, reason: reason)
      case .resume(let tenant, let host): try queries.resume(tenant: tenant, host: host)
      }
    let outcome = try ManualOutcome(json)
    look.forget()
    if let refusal = outcome.refusal { return refusal }
    logger.info("done by hand", [LogKey(rawValue: "operation"): .text(request.name), .count: .integer(outcome.processed ?? 0)])
    if request.startsWork { _ = waker.wake() }
    return .json(200, ReplyJSON.success(data: json))
  }
}

extension OperatorRequest {
  /// The name in logs.
  var name: String {
    switch self {
    case .act(let action, _, _, _): action.rawValue
    case .pause: "pause"
    case .resume: "resume"
    }
  }

  /// Whether to wake workers afterwards.
  var startsWork: Bool {
    switch self {
    case .act(.retry, _, let batch, _): batch > 0
    case .resume: true
    default: false
    }
  }
}
