package import Database
internal import DatabaseClient
internal import Deadlines
package import Logging

/// Tells the database that this process is there, what it is, and how it gets on: at once, and then about once a minute.
///
/// Whoever uses it calls ``tell()`` whenever there is time: between two jobs, and now and then while there is nothing to do.
package final class Presence {
  private let queries: WorkerQueries
  private let logger: Logger
  private let age = Stopwatch()
  private var next = Deadline.after(seconds: 0)
  /// What is told next.
  package var facts: WorkerQueries.Facts

  /// How often it is told, in seconds; three times that is taken for silence.
  private static let intervalSeconds = 60.0
  /// How soon after a failure, and how long one try may take.
  private static let retrySeconds = 10.0
  private static let patienceSeconds = 2.0

  /// Tells nothing yet. The age of the process is counted from here.
  package init(_ queries: WorkerQueries, facts: WorkerQueries.Facts, logger: Logger) {
    self.queries = queries
    self.facts = facts
    self.logger = logger
  }

  /// Tells it if it is time. What goes wrong is logged, and tried again: nothing depends on it.
  package func tell() {
    guard next.hasPassed else { return }
    do {
      try queries.tell(facts, ageSeconds: age.milliseconds / 1000, deadline: .after(seconds: Self.patienceSeconds))
      next = .after(seconds: Self.intervalSeconds)
    } catch {
      next = .after(seconds: Self.retrySeconds)
      logger.warning("nobody was told of this process", cause: error.description, [.error: .foreign(error.debugDescription)])
    }
  }

  /// Something is to be told that cannot wait.
  package func tellSoon() { next = .after(seconds: 0) }

  /// The process ends because it was told to.
  package func leave() {
    do {
      try queries.leave(facts.identity, deadline: .after(seconds: Self.patienceSeconds))
    } catch {
      logger.warning(
        "this process is still shown as there", cause: error.description, [.error: .foreign(error.debugDescription)])
    }
  }
}
