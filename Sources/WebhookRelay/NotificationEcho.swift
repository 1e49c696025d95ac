internal import Database
internal import DatabaseClient
internal import Deadlines

/// Checks that a notification sent by another session arrives. Behind a connection pooler in transaction mode, none does; none can be sent while the
/// server's queue of notifications is full.
struct NotificationEcho {
  /// The session that listens.
  let session: Session
  let makeSession: () -> Session

  /// How long to wait: a busy host may be slow, and the result holds for as long as the connection.
  private static let seconds = 3.0

  /// Why no notifications arrive.
  static let silence =
    "notifications do not come through, as behind a pooler in transaction mode: give it a direct connection by RELAY_DATABASE_URL"
  /// Why none can be sent for now.
  static let fullQueue =
    "the server's queue of notifications is full: end the session that listens and stays in a transaction (pg_stat_activity)"

  /// - Parameter wait: waits for that many seconds, or until the descriptor is readable.
  /// - Returns: why none arrives, nil if it does; ``silence`` also if the connection is lost meanwhile.
  func problem(waiting wait: (_ seconds: Double, _ descriptor: Int?) -> Void) throws(DatabaseError) -> String? {
    let number = session.connectionNumber
    do {
      try WakeUpQueries(makeSession()).notify()
    } catch {
      guard error.sqlState == .programLimitExceeded else { throw error }
      return Self.fullQueue
    }
    let end = Deadline.after(seconds: Self.seconds)
    while !end.hasPassed && session.isConnected && session.connectionNumber == number {
      if try session.consumeNotifications() { return nil }
      wait(end.secondsLeft, session.socket)
    }
    return Self.silence
  }
}
