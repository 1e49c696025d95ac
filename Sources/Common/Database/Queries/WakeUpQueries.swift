package import DatabaseClient

/// How the relay sleeps without missing a wake-up: it holds the advisory key while it sleeps, and triggers send NOTIFY
/// only when they find the key taken. Needs a direct connection: session locks and LISTEN do not pass PgBouncer.
package struct WakeUpQueries {
  private let session: Session

  package init(_ session: Session) {
    self.session = session
  }

  /// Begins to listen, awake: what an error has left this session of its sleep is given back. The key is held once for each time it was taken.
  package func listen() throws(DatabaseError) {
    _ = try session.run("SELECT pg_advisory_unlock_all()")
    _ = try session.run("LISTEN thumbnails")
  }

  /// Sends what a trigger sends.
  package func notify() throws(DatabaseError) {
    _ = try session.run("NOTIFY thumbnails")
  }

  /// Announces sleep; false while a transaction with hints is open, or another relay sleeps.
  package func tryFallAsleep() throws(DatabaseError) -> Bool {
    try session.run("SELECT pg_try_advisory_lock(thumbnails.wake_up_key()) AS granted").first?.flag("granted") ?? false
  }

  /// Ends the sleep that ``tryFallAsleep()`` began: the key is given back, and while nobody holds it triggers send nothing.
  package func wakeUp() throws(DatabaseError) {
    _ = try session.run("SELECT pg_advisory_unlock(thumbnails.wake_up_key())")
  }
}
