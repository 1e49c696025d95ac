internal import Auth
internal import Database
internal import FastCGI
internal import Logging

/// Does what people ask for: starts videos again, acts on many at once, and pauses.
struct Operations {
  let queries: OperatorQueries
  let waker: WorkerWaker
  let look: CachedLook

  func answer(_ request: RestartRequest, _ logger: Logger) throws -> Response {
    let json =
      switch request {
      case .video(let id): try queries.restart(id)
      case .waiting(let count): try queries.restartWaiting(count)
      case .failed(let count, let filter, let before):
        try queries.act("retry", on: filter.json, batch: count, before: before, by: nil)
      }
    return try answer(json, "restart", startsWork: true, logger)
  }

  func answer(_ request: OperatorRequest, by name: String?, from caller: Caller, _ logger: Logger) throws -> Response {
    let who = name.flatMap { $0.isEmpty ? nil : $0 } ?? "whoever has \(caller.secretName)"
    let json =
      switch request {
      case .act(let action, let filter, let batch, let before):
        try queries.act(action.rawValue, on: filter.json, batch: batch, before: before, by: who)
      case .pause(let tenant, let host, let reason): try queries.pause(tenant: tenant, host: host, by: who, reason: reason)
      case .resume(let tenant, let host): try queries.resume(tenant: tenant, host: host)
      }
    return try answer(json, request.name, startsWork: request.startsWork, logger)
  }

  /// Wakes workers at once for what was started.
  private func answer(_ json: String, _ operation: String, startsWork: Bool, _ logger: Logger) throws -> Response {
    let outcome = try ManualOutcome(json: json)
    look.forget()
    if let refusal = outcome.refusal { return refusal }
    var fields: [LogKey: LogValue] = [LogKey(rawValue: "operation"): .text(operation)]
    fields[.count] = outcome.processed.map(LogValue.integer)
    logger.info("done by hand", fields)
    if startsWork { _ = waker.wake() }
    return .success(data: json)
  }
}
