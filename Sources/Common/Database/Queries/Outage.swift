package import DatabaseClient
internal import Deadlines
internal import Glibc

/// Limits how long a worker that claims jobs without a request waits for a database that restarts or fails over. If it stopped, nobody
/// would wake it for the rest.
package struct Outage {
  private static let seconds = 60.0

  private var end: Deadline?

  /// An outage that has not begun.
  package init() {}

  /// Whether no error came before.
  package var isNew: Bool { end == nil }

  /// Waits a second, after which the caller tries again.
  ///
  /// - Returns: false at once for an error that a new connection does not mend, or after a minute.
  package mutating func isWaitedFor(_ error: DatabaseError) -> Bool {
    let end = end ?? .after(seconds: Self.seconds)
    self.end = end
    guard error.endsConnection, !end.hasPassed else { return false }
    sleep(1)
    return true
  }
}
