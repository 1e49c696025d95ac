package import DatabaseClient

/// The hourly sweep.
package struct SweepQueries {
  private let session: Session

  package init(_ session: Session) {
    self.session = session
  }

  /// Puts everything stuck into the queue. Posts nothing by pg_net, since the caller wakes the workers.
  ///
  /// - Returns: the JSON object of `auto_retry_stuck_thumbnails()`.
  package func retryStuck() throws(DatabaseError) -> String {
    try session.json("SELECT thumbnails.sweep(false)::text AS json")
  }
}
