package import DatabaseClient

/// Starting videos again by hand. Every answer is the JSON object of the function behind it.
package struct RestartQueries {
  private let session: Session

  package init(_ session: Session) {
    self.session = session
  }

  /// One video, its attempts anew.
  package func restart(_ videoID: VideoID) throws(DatabaseError) -> String {
    try session.json("SELECT public.manually_trigger_thumbnail_generation(\(videoID))::text AS json")
  }

  /// Up to `count` videos without a thumbnail, the longest waiting first.
  package func restartWaiting(_ count: Int) throws(DatabaseError) -> String {
    try session.json("SELECT public.batch_trigger_thumbnail_generation(\(count)::integer)::text AS json")
  }

  /// Up to `count` failed videos.
  ///
  /// - Parameters:
  ///   - error: only those that failed with this text; nil for all.
  ///   - failureClass: only those of this class; nil for all.
  ///   - before: only those last tried before this time, in ISO 8601; nil for now.
  package func restartFailed(
    _ count: Int, error: String?, failureClass: String?, before: String?
  ) throws(DatabaseError) -> String {
    try session.json(
      "SELECT thumbnails.retry_failed(\(count)::integer, \(error), \(before)::timestamptz, \(failureClass))::text AS json")
  }
}
