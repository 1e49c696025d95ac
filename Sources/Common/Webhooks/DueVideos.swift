package import Database
package import DatabaseClient

/// Whoever knows what is due: the queue in the database, a list in unit tests.
package protocol DueVideos {
  /// - Parameters:
  ///   - limit: how many at most.
  ///   - except: ids that are under way already.
  /// - Returns: ids of videos, in the order in which workers would take them.
  func due(limit: Int, except: [String]) throws(DatabaseError) -> [String]
}

extension QueueQueries: DueVideos {}
