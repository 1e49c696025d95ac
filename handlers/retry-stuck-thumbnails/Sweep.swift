internal import Database
internal import DatabaseClient
internal import Deadlines
internal import FastCGI
internal import FoundationEssentials
internal import GarbageCollection
internal import Logging

/// The sweep, then waking of workers for what is due, then garbage collection, each for a few seconds; what of the sweep is left goes on
/// after the answer.
struct Sweep {
  let queries: SweepQueries
  let queue: QueueQueries
  let delivery: Delivery
  let collector: GarbageCollector?
  /// How long garbage is collected within one request, in seconds.
  let collectionSeconds: Double
  /// How long a sweep goes on after its answer, in seconds; the relay and the next sweep take it further.
  static let afterwardsSeconds = 60.0
  /// How many videos one step looks at.
  private static let stepLimit = 2000

  func answer(_ logger: Logger) throws -> Reply {
    let report = try JSONDecoder().decode(SweepReport.self, from: Data(queries.retryStuck().utf8))
    logger.info("swept", [.count: .integer(report.retriedCount)])
    var answer = RetryReply(data: report, timestamp: report.timestamp)
    if report.skipped != true {
      answer.delivered = try delivery.run(logger)
      answer.collected = try collect(logger)
    }
    answer.success = report.success
    let response = Response.json(report.success ? 200 : 503, ReplyJSON.encode(answer))
    return Reply(response, afterwards: report.goesOn == true ? { goOn(logger) } : nil)
  }

  private func goOn(_ logger: Logger) {
    let end = Deadline.after(seconds: Self.afterwardsSeconds)
    do {
      while try !end.hasPassed && !FastCGIServer.shouldStop && queue.isSweeping() { try queue.lookAfter(limit: Self.stepLimit) }
      _ = try delivery.run(logger)
    } catch {
      logger.warning("the sweep did not go on", [.error: .foreign("\(error)")])
    }
  }

  /// What goes wrong with the store is logged and is no failure of the sweep: the next one tries again.
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
      logger.error("garbage could not be collected", [.error: .foreign("\(error)")])
      return 0
    }
  }
}
