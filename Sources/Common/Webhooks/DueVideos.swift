package import Database
package import DatabaseClient

/// Whoever knows what is due: the queue in the database, a list in unit tests.
package protocol DueVideos {
  /// - Parameters:
  ///   - limit: how many at most.
  ///   - except: what is under way already.
  /// - Returns: videos in the order in which workers would take them.
  func due(limit: Int, except: [VideoID]) throws(DatabaseError) -> [VideoID]
}

extension QueueQueries: DueVideos {}
