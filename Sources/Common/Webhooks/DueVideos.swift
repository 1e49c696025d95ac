package import Database
package import DatabaseClient

/// Tells what is due: the queue in the database, or a list in unit tests.
package protocol DueVideos {
  /// - Parameters:
  ///   - limit: the most videos to return.
  ///   - except: videos that are under way already.
  /// - Returns: videos in the order in which workers would claim them.
  func due(limit: Int, except: [VideoID]) throws(DatabaseError) -> [VideoID]
}

extension QueueQueries: DueVideos {}
