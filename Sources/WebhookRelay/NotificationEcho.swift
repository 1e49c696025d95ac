internal import Database
internal import DatabaseClient
internal import Deadlines

/// Checks that a notification sent by another session arrives. Behind a connection pooler in transaction mode, none does.
struct NotificationEcho {
  /// The session that listens.
  let session: Session
  let makeSession: () -> Session

  /// How long to wait: a busy host may be slow, and the result holds for as long as the connection.
  private static let seconds = 3.0

  /// Why no notifications arrive.
  static let silence =
    "notifications do not come through, as behind a pooler in transaction mode: give it a direct connection by RELAY_DATABASE_URL"

  /// - Parameter wait: waits for that many seconds, or until the descriptor is readable.
  /// - Returns: false also if the connection is lost meanwhile.
  func isHeard(waiting wait: (_ seconds: Double, _ descriptor: Int?) -> Void) throws(DatabaseError) -> Bool {
    let number = session.connectionNumber
    try WakeUpQueries(makeSession()).notify()
    let end = Deadline.after(seconds: Self.seconds)
    while !end.hasPassed && session.isConnected && session.connectionNumber == number {
      if try session.consumeNotifications() { return true }
      wait(end.secondsLeft, session.socket)
    }
    return false
  }
}
