internal import Database
internal import DatabaseClient
internal import Deadlines
internal import Logging
internal import Webhooks

/// Wakes workers for what is due within one request, so that nothing depends on a relay.
struct Delivery {
  let queue: QueueQueries
  let settings: DeliverySettings
  /// How long, in seconds.
  let seconds: Double

  /// Until none is due or the time is over.
  ///
  /// - Returns: how many were answered.
  func run(_ logger: Logger) throws(DatabaseError) -> Int {
    let deliverer = Deliverer(queue, settings: settings, respondsAsync: true, logger: logger)
    defer { deliverer.close(graceSeconds: 0) }
    let end = Deadline.after(seconds: seconds)
    var finished = 0
    while !end.hasPassed {
      let started = try deliverer.startDue()
      if started == 0 && deliverer.inFlight == 0 { break }
      finished += deliverer.settleFinished(waiting: min(0.2, max(0, end.secondsLeft)))
    }
    return finished
  }
}
