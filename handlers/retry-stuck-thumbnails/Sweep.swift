internal import Database
internal import DatabaseClient
internal import Deadlines
internal import FastCGI
internal import FoundationEssentials
internal import GarbageCollection
internal import Logging

/// The sweep, then delivery of due webhooks, then garbage collection, each for a few seconds.
struct Sweep {
  let queries: SweepQueries
  let delivery: Delivery
  let collector: GarbageCollector?
  /// How long garbage is collected within one request, in seconds.
  let collectionSeconds: Double

  func answer(_ logger: Logger) throws -> Response {
    let report = try JSONDecoder().decode(SweepReport.self, from: Data(queries.retryStuck().utf8))
    logger.info("swept", [.count: .integer(report.retriedCount)])
    var answer = RetryReply(data: report, timestamp: report.timestamp)
    if report.skipped != true {
      answer.delivered = try delivery.run(logger)
      answer.collected = try collect(logger)
    }
    answer.success = report.success
    return .json(report.success ? 200 : 503, ReplyJSON.encode(answer))
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
