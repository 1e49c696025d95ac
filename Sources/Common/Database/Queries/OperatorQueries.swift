package import DatabaseClient

/// What people do to many videos. Every answer is the JSON object of the SQL function.
package struct OperatorQueries {
  private let session: Session

  package init(_ session: Session) {
    self.session = session
  }

  /// Applies an action to up to `batch` videos.
  ///
  /// - Parameters:
  ///   - action: retry, dismiss, restore or cancel.
  ///   - filter: which videos, as JSON.
  ///   - batch: 0 to 1000; 0 only counts.
  ///   - before: only videos last tried before this time, in ISO 8601; nil for now.
  ///   - who: the name for the history.
  package func act(
    _ action: String, on filter: String, batch: Int, before: String?, by who: String
  ) throws(DatabaseError) -> String {
    try session.json(
      "SELECT thumbnails.act(\(action), \(filter)::jsonb, \(batch)::integer, \(before)::timestamptz, \(who))::text AS json")
  }

  /// Pauses the making of thumbnails: of all videos, of an uploader's, or by the workers of a host.
  package func pause(tenant: String?, host: String?, by who: String, reason: String?) throws(DatabaseError) -> String {
    try session.json("SELECT thumbnails.pause(\(tenant), \(host), \(who), \(reason))::text AS json")
  }

  /// Ends the pause that was made with the same arguments.
  package func resume(tenant: String?, host: String?) throws(DatabaseError) -> String {
    try session.json("SELECT thumbnails.resume(\(tenant), \(host))::text AS json")
  }
}
