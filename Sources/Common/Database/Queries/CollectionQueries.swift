package import DatabaseClient

/// The garbage collector's operations, each of which is one SQL function (migration 029).
package struct CollectionQueries {
  private let session: Session

  package init(_ session: Session) {
    self.session = session
  }

  /// Takes up to `limit` objects that may be deleted now. No other caller gets them for an hour.
  package func takeDeletions(limit: Int) throws(DatabaseError) -> [String] {
    try keys("SELECT key FROM thumbnails.take_deletions(\(limit)::integer)")
  }

  /// The objects that ``takeDeletions(limit:)`` would take.
  package func listDeletions(limit: Int) throws(DatabaseError) -> [String] {
    try keys("SELECT key FROM thumbnails.list_deletions(\(limit)::integer)")
  }

  /// Those of the keys that no row names and no worker can still report.
  package func unneeded(among keys: [String]) throws(DatabaseError) -> [String] {
    try self.keys("SELECT key FROM thumbnails.unneeded_objects(\(keys)::text[])")
  }

  /// Removes deleted objects from the list, and records for the report which ones the store refused to delete.
  ///
  /// - Parameters:
  ///   - left: those that were not tried in time; they are due again at once.
  ///   - text: the store's reason for the last refusal; nil if it refused none.
  package func forget(_ keys: [String], refused: [String], left: [String], text: String?) throws(DatabaseError) {
    _ = try session.run("SELECT thumbnails.forget_objects(\(keys)::text[], \(refused)::text[], \(text)::text, \(left)::text[])")
  }

  /// Records those of the keys that nobody needs, for deletion.
  ///
  /// - Returns: the number of keys recorded.
  package func recordOrphans(among keys: [String]) throws(DatabaseError) -> Int {
    try session.run("SELECT thumbnails.put_down_orphans(\(keys)::text[]) AS found").first?.integer("found") ?? 0
  }

  /// Those of the keys that ``recordOrphans(among:)`` would record.
  package func listOrphans(among keys: [String]) throws(DatabaseError) -> [String] {
    try self.keys("SELECT key FROM thumbnails.list_orphans(\(keys)::text[])")
  }

  /// The key after which the walk through the store continues; empty at its beginning.
  package func position() throws(DatabaseError) -> String {
    try session.run("SELECT thumbnails.collector_position() AS key").first?.text("key") ?? ""
  }

  /// Records where the next walk continues: after `key`, or at the beginning if it is empty.
  package func move(to key: String) throws(DatabaseError) {
    _ = try session.run("SELECT thumbnails.move_collector(\(key)::text)")
  }

  private func keys(_ query: Query) throws(DatabaseError) -> [String] {
    try session.run(query).compactMap { $0.text("key") }
  }
}
