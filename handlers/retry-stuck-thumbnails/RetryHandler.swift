internal import Auth
internal import Database
internal import DatabaseClient
internal import Failures
internal import FastCGI
internal import Heartbeat
internal import Logging

/// `/functions/v1/retry-stuck-thumbnails` and `/metrics`: decides what a request asks for, and answers if the database fails.
///
/// Only POST acts, since web servers may repeat a GET on their own.
struct RetryHandler: RequestHandler {
  let sweep: Sweep
  let operations: Operations
  let reports: Reports
  let waker: WorkerWaker
  /// Nil if the process ends after its request.
  let heartbeat: Heartbeat?
  static let metricsPath = "/metrics"

  func methods(at path: String) -> [String] { path == Self.metricsPath ? ["GET"] : ["GET", "POST"] }

  func reply(to request: Request, from caller: Caller, logger: Logger) -> Reply {
    do {
      if request.path == Self.metricsPath { return Reply(try reports.metrics()) }
      if request.method == "GET" { return Reply(try reports.answer(ReportRequest(query: request.query), to: caller)) }
      let body = try request.plainBody
      if let fields = try OperatorBody(body: body) {
        let asked = try OperatorRequest(fields)
        return Reply(try operations.answer(asked, by: fields.by, from: caller, logger), continuesWork: asked.startsWork)
      }
      if let restart = try RestartRequest(body: body) {
        return Reply(try operations.answer(restart, logger), continuesWork: true)
      }
      return try sweep.answer(logger)
    } catch let error as DatabaseError {
      logger.error("the database failed", error)
      return Reply(.failure(error))
    } catch let error as BadRequest {
      return Reply(.refusal(400, error.text))
    } catch {
      logger.error("the database answered something unknown", cause: "\(error)")
      return Reply(.failure(503, "The database answered something unknown: are its migrations applied?", .database))
    }
  }

  func beat() { heartbeat?.beat() }

  /// Wakes workers until nothing is due, and collects garbage in between.
  func continueWork(while isFree: @escaping () -> Bool, logger: Logger) -> Bool {
    var outage = Outage()
    var wakes = true
    while isFree() {
      let collects = sweep.garbage?.goOn(while: isFree) ?? false
      do {
        if wakes { wakes = try waker.goOn(waiting: !collects) }
      } catch {
        if outage.isNew {
          logger.warning("waking workers did not go on", error)
        }
        wakes = outage.isWaitedFor(error)
      }
      if !wakes && !collects { return false }
    }
    return true
  }
}
