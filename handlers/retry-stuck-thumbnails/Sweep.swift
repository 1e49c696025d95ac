internal import Database
internal import DatabaseClient
internal import FastCGI
internal import Logging

/// Runs the sweep, then wakes workers for what is due, then collects garbage, each for a few seconds.
struct Sweep {
  let queries: QueueQueries
  let waker: WorkerWaker
  /// Nil if this program does not know the store.
  let garbage: GarbageRun?

  func answer(_ logger: Logger) throws -> Reply {
    let report = try SweepReport(json: queries.sweep())
    logger.info("swept", [.count: .integer(report.retriedCount)])
    var answer = RetryReply(data: report, timestamp: report.timestamp)
    if report.skipped != true {
      answer.delivered = waker.wake()
      answer.message = Self.message(report, woken: answer.delivered)
      do {
        answer.collected = try garbage?.begin()
      } catch {
        // The sweep is done nevertheless, and the next one collects again.
        logger.error("garbage could not be collected", cause: "\(error)")
        answer.message = "\(answer.message); what is left behind in the store could not be deleted: the log says why"
      }
    } else {
      answer.message = report.reason ?? "skipped"
    }
    answer.success = report.success
    return Reply(.json(report.success ? 200 : 503, ReplyJSON.encode(answer)), continuesWork: report.skipped != true)
  }

  /// What the caller can expect, for people.
  private static func message(_ report: SweepReport, woken: Int) -> String {
    let due = report.waitingCount ?? 0
    if due == 0 && report.goesOn != true { return "Nothing is due" }
    if report.isPaused == true { return "\(due) videos are due and wait: everything is paused" }
    return "\(due) videos were due, \(woken) workers were woken; waking goes on after this answer until nothing is due"
  }
}
