internal import Auth
internal import Database
internal import DatabaseClient
internal import Deadlines
internal import Failures
internal import FastCGI
internal import FoundationEssentials
internal import GarbageCollection
internal import Logging
internal import Webhooks

/// `POST /functions/v1/retry-stuck-thumbnails`: the sweep, then delivery of due webhooks for a few seconds.
struct RetryHandler: AuthenticatedHandler {
  let sweep: SweepQueries
  let webhooks: WebhookQueries
  let delivery: DeliverySettings
  /// How long due webhooks are delivered within one request, in seconds.
  let deliverySeconds: Double
  let collector: GarbageCollector?
  /// How long garbage is collected within one request, in seconds.
  let collectionSeconds: Double
  let methods = ["POST"]

  func reply(to request: Request, from caller: Caller, logger: Logger) -> Reply {
    do {
      let report = try JSONDecoder().decode(SweepReport.self, from: Data(sweep.retryStuck().utf8))
      logger.info("swept", [.count: .integer(report.retriedCount)])
      var answer = RetryReply(data: report, timestamp: report.timestamp)
      if report.skipped != true {
        answer.delivered = try deliver(logger)
        answer.collected = try collect(logger)
      }
      answer.success = report.success
      return Reply(.json(report.success ? 200 : 503, try JSONEncoder.reply.encode(answer).map { $0 }))
    } catch let error as DatabaseError {
      logger.error("the sweep failed", [.error: .foreign(error.debugDescription)])
      return Reply(
        .failure(503, error.description, code: error.failureClass.rawValue, isRetryable: true, headers: [("Retry-After", "10")])
      )
    } catch {
      logger.error("the sweep answered something unknown", [.error: .foreign("\(error)")])
      return Reply(
        .failure(503, "the sweep answered something unknown", code: FailureClass.database.rawValue, isRetryable: true))
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

  /// Posts due webhooks until none is left or the time is over; what was leased and not posted is given back.
  private func deliver(_ logger: Logger) throws(DatabaseError) -> Int {
    let deliverer = Deliverer(webhooks, settings: delivery, respondsAsync: true, logger: logger)
    defer { deliverer.close(graceSeconds: 0) }
    let end = Deadline.after(seconds: deliverySeconds)
    var finished = 0
    while !end.hasPassed {
      let started = try deliverer.startDue()
      if started == 0 && deliverer.inFlight == 0 { break }
      finished += deliverer.settleFinished(waiting: min(0.2, max(0, end.secondsLeft)))
    }
    return finished
  }
}
