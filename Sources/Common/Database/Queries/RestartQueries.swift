package import DatabaseClient

/// Starts videos again by hand. Every answer is the JSON object of the SQL function.
package struct RestartQueries {
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

  /// Restarts up to `count` failed videos.
  ///
  /// - Parameters:
  ///   - error: only videos that failed with this text; nil for all.
  ///   - failureClass: only videos with a failure of this class; nil for all.
  ///   - before: only videos last tried before this time, in ISO 8601; nil for now.
  package func restartFailed(
    _ count: Int, error: String?, failureClass: String?, before: String?
  ) throws(DatabaseError) -> String {
    try session.json(
      """
      SELECT thumbnails.act('retry', jsonb_strip_nulls(jsonb_build_object('state', 'failed', 'reason', \(error)::text, 'class', \(failureClass)::text)),
                            \(count)::integer, \(before)::timestamptz, NULL)::text AS json
      """)
  }
}
