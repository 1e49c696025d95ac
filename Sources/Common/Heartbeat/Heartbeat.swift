package import Database
internal import DatabaseClient
internal import Deadlines
package import Logging

/// Reports to the database that this process is there, what it is, and how much it has done: at once, and then about once a minute.
///
/// ``beat()`` has to be called whenever there is time: between two jobs, and now and then while there is nothing to do.
package final class Heartbeat {
  private let queries: WorkerQueries
  private let logger: Logger
  private let age = Stopwatch()
  private var next = Deadline.after(seconds: 0)
  /// What the next report says.
  package var facts: WorkerQueries.Facts

  /// The interval between reports, in seconds. A process that is silent for three times as long counts as gone.
  private static let intervalSeconds = 60.0
  /// The pause after a failed report.
  private static let retrySeconds = 10.0
  /// The time-out of a report.
  private static let patienceSeconds = 2.0

  /// Reports nothing yet. The age of the process is counted from here.
  package init(_ queries: WorkerQueries, facts: WorkerQueries.Facts, logger: Logger) {
    self.queries = queries
    self.facts = facts
    self.logger = logger
  }

  /// Sends a report if one is due. A failure is logged and retried, since nothing depends on it.
  package func beat() {
    guard next.hasPassed else { return }
    do {
      try queries.tell(facts, ageSeconds: age.seconds, deadline: .after(seconds: Self.patienceSeconds))
      next = .after(seconds: Self.intervalSeconds)
    } catch {
      next = .after(seconds: Self.retrySeconds)
      logger.warning("nobody was told of this process", error)
    }
  }

  /// Makes a report due at once, for a change that cannot wait.
  package func beatSoon() { next = .after(seconds: 0) }

  /// Removes this process from the report, before it ends as it was told to.
  package func leave() {
    do {
      try queries.leave(facts.identity, deadline: .after(seconds: Self.patienceSeconds))
    } catch {
      logger.warning("this process is still shown as there", error)
    }
  }
}
