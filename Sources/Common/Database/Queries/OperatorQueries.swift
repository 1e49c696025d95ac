package import DatabaseClient

/// What people do to videos. Every answer is the JSON object of the SQL function.
package struct OperatorQueries {
  private let session: Session

  package init(_ session: Session) {
    self.session = session
  }

  /// Restarts one video and resets its attempts.
  package func restart(_ videoID: VideoID) throws(DatabaseError) -> String {
    try session.json("SELECT public.manually_trigger_thumbnail_generation(\(videoID))::text AS json")
  }

  /// Starts up to `count` videos without a thumbnail; those that have waited longest come first.
  package func restartWaiting(_ count: Int) throws(DatabaseError) -> String {
    try session.json("SELECT public.batch_trigger_thumbnail_generation(\(count)::integer)::text AS json")
  }

  /// Applies an action to up to `batch` videos.
  ///
  /// - Parameters:
  ///   - action: retry, dismiss, restore or cancel.
  ///   - filter: which videos, as JSON.
  ///   - batch: 0 to 1000; 0 only counts.
  ///   - before: only videos last tried before this time, in ISO 8601; nil for now.
  ///   - who: the name for the history; nil for none.
  package func act(
    _ action: String, on filter: String, batch: Int, before: String?, by who: String?
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
