internal import Database
internal import DatabaseClient
internal import Deadlines

/// Whether a notification that another session sends comes through. Behind a pooler that hands out connections by transaction none does.
struct NotificationEcho {
  /// The one that listens.
  let session: Session
  let makeSession: () -> Session

  /// How long it is waited for: a host that is busy may take its time, and what is concluded holds as long as the connection.
  private static let seconds = 3.0

  /// Why none may come.
  static let silence =
    "notifications do not come through, as behind a pooler in transaction mode: give it a direct connection by RELAY_DATABASE_URL"

  /// - Parameter wait: waits so many seconds, or until the descriptor is readable.
  /// - Returns: false also where the connection is lost meanwhile.
  func isHeard(waiting wait: (_ seconds: Double, _ descriptor: Int?) -> Void) throws(DatabaseError) -> Bool {
    let number = session.connectionNumber
    try WakeUpQueries(makeSession()).notify()
    let end = Deadline.after(seconds: Self.seconds)
    while !end.hasPassed && session.isConnected && session.connectionNumber == number {
      if try session.consumeNotifications() { return true }
      wait(max(0, end.secondsLeft), session.socket)
    }
    return false
  }
}
