package import DatabaseClient
internal import Deadlines
internal import Glibc

/// How long who goes on by itself waits for a database that restarts or changes its place: nobody would wake it for what is left.
package struct Outage {
  private static let seconds = 60.0

  private var end: Deadline?

  /// An outage that has not begun.
  package init() {}

  /// Whether there was no error before.
  package var isNew: Bool { end == nil }

  /// Waits a second before the next try.
  ///
  /// - Returns: false for an error that does not go by with the connection, and after a minute: nothing is waited for then.
  package mutating func isWaitedFor(_ error: DatabaseError) -> Bool {
    let end = end ?? .after(seconds: Self.seconds)
    self.end = end
    guard error.endsConnection, !end.hasPassed else { return false }
    sleep(1)
    return true
  }
}
