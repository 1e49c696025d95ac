package import DatabaseClient

/// What is asked of the queue by those who wake workers and look after it (migration 026).
package struct QueueQueries {
  private let session: Session

  package init(_ session: Session) {
    self.session = session
  }

  /// Merges what is in the inbox and names what is due.
  ///
  /// - Parameters:
  ///   - limit: how many at most.
  ///   - except: what is under way already.
  /// - Returns: videos in the order in which workers would take them.
  package func due(limit: Int, except: [VideoID]) throws(DatabaseError) -> [VideoID] {
    try session.run("SELECT due_videos AS id FROM thumbnails.due_videos(\(limit)::integer, \(except))")
      .compactMap { $0.text("id").flatMap { VideoID($0) } }
  }

  /// Whether ``due(limit:except:)`` may have something to say: cheap enough to be asked all the time.
  package func hasWork() throws(DatabaseError) -> Bool {
    try session.run("SELECT thumbnails.has_work() AS work").first?.flag("work") ?? false
  }

  /// What comes by itself: results that were kept, parked jobs, the history, and a sweep that had no time to end.
  ///
  /// - Parameter limit: how many videos one step of the sweep looks at.
  package func lookAfter(limit: Int) throws(DatabaseError) {
    _ = try session.run("SELECT thumbnails.look_after(\(limit)::integer)")
  }

  /// Whether a sweep had no time to end: ``lookAfter(limit:)`` takes it further.
  package func isSweeping() throws(DatabaseError) -> Bool {
    try session.run("SELECT thumbnails.is_sweeping() AS sweeping").first?.flag("sweeping") ?? false
  }

  /// Makes `holder` the one handler that goes on waking workers, for `seconds`.
  ///
  /// - Returns: false while another one is.
  package func holdDelivery(_ holder: String, seconds: Double) throws(DatabaseError) -> Bool {
    try session.run("SELECT thumbnails.hold_delivery(\(holder)::text, \(seconds)::float8) AS held").first?.flag("held") ?? false
  }

  /// Whether a hint comes with a notification. Where transactions can be prepared it does not: PREPARE TRANSACTION refuses NOTIFY.
  package func hasNotifications() throws(DatabaseError) -> Bool {
    try session.run("SELECT current_setting('max_prepared_transactions') = '0' AS notifies").first?.flag("notifies") ?? false
  }
}
