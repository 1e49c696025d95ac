package import DatabaseClient

/// Lets the relay sleep without missing a wake-up: it holds an advisory lock while it sleeps, and triggers send NOTIFY only if they find
/// the lock taken. Needs a direct connection, since session locks and LISTEN do not work through PgBouncer.
package struct WakeUpQueries {
  private let session: Session

  package init(_ session: Session) {
    self.session = session
  }

  /// Starts to listen, awake. Advisory locks that are left after an error are released; each time the lock was taken counts.
  package func listen() throws(DatabaseError) {
    _ = try session.run("SELECT pg_advisory_unlock_all()")
    _ = try session.run("LISTEN thumbnails")
  }

  /// Sends the notification that a trigger sends. ``SQLState/programLimitExceeded``: the server's queue of notifications is full.
  package func notify() throws(DatabaseError) {
    _ = try session.run("SELECT pg_notify('thumbnails', '')")
  }

  /// Takes the lock for sleeping; false while a transaction with hints is open, or another relay sleeps.
  package func tryFallAsleep() throws(DatabaseError) -> Bool {
    try session.run("SELECT pg_try_advisory_lock(thumbnails.wake_up_key()) AS granted").first?.flag("granted") ?? false
  }

  /// Ends the sleep that ``tryFallAsleep()`` began: the lock is released, and without it triggers send nothing.
  package func wakeUp() throws(DatabaseError) {
    _ = try session.run("SELECT pg_advisory_unlock(thumbnails.wake_up_key())")
  }
}
