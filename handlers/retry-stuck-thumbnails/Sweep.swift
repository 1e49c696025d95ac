internal import Database
internal import DatabaseClient
internal import Deadlines
internal import FastCGI
internal import FoundationEssentials
internal import GarbageCollection
internal import Logging

/// Runs the sweep, then wakes workers for what is due, then collects garbage, each for a few seconds.
struct Sweep {
  let queries: SweepQueries
  let waker: WorkerWaker
  let collector: GarbageCollector?
  /// How many seconds to collect garbage within one request.
  let collectionSeconds: Double

  func answer(_ logger: Logger) throws -> Reply {
    let report = try JSONDecoder().decode(SweepReport.self, from: Data(queries.retryStuck().utf8))
    logger.info("swept", [.count: .integer(report.retriedCount)])
    var answer = RetryReply(data: report, timestamp: report.timestamp)
    if report.skipped != true {
      answer.delivered = waker.wake()
      answer.collected = try collect(logger)
    }
    answer.success = report.success
    answer.message = Self.message(report, woken: answer.delivered)
    return Reply(.json(report.success ? 200 : 503, ReplyJSON.encode(answer)), continuesWork: report.skipped != true)
  }

  /// What the caller can expect, for people.
  private static func message(_ report: SweepReport, woken: Int) -> String {
    if report.skipped == true { return report.reason ?? "skipped" }
    let due = report.waitingCount ?? 0
    if due == 0 && report.goesOn != true { return "Nothing is due" }
    if report.isPaused == true { return "\(due) videos are due and wait: everything is paused" }
    return "\(due) videos were due, \(woken) workers were woken; waking goes on after this answer until nothing is due"
  }

  /// An error of the store is logged and does not fail the sweep: the next one tries again.
  private func collect(_ logger: Logger) throws(DatabaseError) -> Int? {
    guard let collector, collectionSeconds > 0 else { return nil }
    do {
      let report = try collector.step(deadline: .after(seconds: collectionSeconds))
      logger.info(
        "collected",
        [
          .count: .integer(report.deleted), LogKey(rawValue: "listed"): .integer(report.listed),
          LogKey(rawValue: "orphans"): .integer(report.orphans),
        ])
      return report.deleted
    } catch let error as DatabaseError {
      throw error
    } catch {
      logger.error("garbage could not be collected", cause: "\(error)")
      return 0
    }
  }
}
