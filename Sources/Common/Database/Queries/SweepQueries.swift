package import DatabaseClient

/// The hourly net.
package struct SweepQueries {
  private let session: Session

  package init(_ session: Session) {
    self.session = session
  }

  /// Announces everything stuck.
  ///
  /// - Returns: the JSON object of `auto_retry_stuck_thumbnails()`.
  package func retryStuck() throws(DatabaseError) -> String {
    try session.json("SELECT public.auto_retry_stuck_thumbnails()::text AS json")
  }
}
