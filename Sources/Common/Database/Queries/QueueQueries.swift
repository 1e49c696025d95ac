package import DatabaseClient

/// Questions about the queue from those that wake workers and maintain it (migration 026).
package struct QueueQueries {
  private let session: Session

  package init(_ session: Session) {
    self.session = session
  }

  /// Merges the inbox and returns the videos that are due.
  ///
  /// - Parameters:
  ///   - limit: the most videos to return.
  ///   - except: videos that are under way already.
  /// - Returns: videos in the order in which workers would claim them.
  package func due(limit: Int, except: [VideoID]) throws(DatabaseError) -> [VideoID] {
    try session.run("SELECT due_videos AS id FROM thumbnails.due_videos(\(limit)::integer, \(except))")
      .compactMap { $0.text("id").flatMap { VideoID($0) } }
  }

  /// Whether ``due(limit:except:)`` may return anything. Cheap enough to be called all the time.
  package func hasWork() throws(DatabaseError) -> Bool {
    try session.run("SELECT thumbnails.has_work() AS work").first?.flag("work") ?? false
  }

  /// Puts everything stuck into the queue. Posts nothing by pg_net, since the caller wakes the workers.
  ///
  /// - Returns: the JSON object of `auto_retry_stuck_thumbnails()`.
  package func sweep() throws(DatabaseError) -> String {
    try session.json("SELECT thumbnails.sweep(false)::text AS json")
  }

  /// Does what comes with time: kept results, parked jobs, the history, and a sweep that was not finished.
  ///
  /// - Parameter limit: how many videos one step of the sweep examines.
  package func lookAfter(limit: Int) throws(DatabaseError) {
    _ = try session.run("SELECT thumbnails.look_after(\(limit)::integer)")
  }

  /// Whether a sweep was not finished: ``lookAfter(limit:)`` continues it.
  package func isSweeping() throws(DatabaseError) -> Bool {
    try session.run("SELECT thumbnails.is_sweeping() AS sweeping").first?.flag("sweeping") ?? false
  }

  /// Makes `holder` the one handler that keeps waking workers, for `seconds`.
  ///
  /// - Returns: false if another one is.
  package func holdDelivery(_ holder: String, seconds: Double) throws(DatabaseError) -> Bool {
    try session.run("SELECT thumbnails.hold_delivery(\(holder)::text, \(seconds)::float8) AS held").first?.flag("held") ?? false
  }

  /// Whether hints come with a notification. If transactions can be prepared, they do not, since PREPARE TRANSACTION does not allow NOTIFY.
  package func hasNotifications() throws(DatabaseError) -> Bool {
    try session.run("SELECT current_setting('max_prepared_transactions') = '0' AS notifies").first?.flag("notifies") ?? false
  }
}
