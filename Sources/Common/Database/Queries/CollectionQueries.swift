package import DatabaseClient

/// The garbage collector's operations, one SQL function each (migration 029).
package struct CollectionQueries {
  private let session: Session

  package init(_ session: Session) {
    self.session = session
  }

  /// Takes up to `limit` objects that may be deleted now; nobody else is given them for an hour.
  package func takeDeletions(limit: Int) throws(DatabaseError) -> [String] {
    try keys("SELECT key FROM thumbnails.take_deletions(\(limit)::integer)")
  }

  /// What ``takeDeletions(limit:)`` would take.
  package func listDeletions(limit: Int) throws(DatabaseError) -> [String] {
    try keys("SELECT key FROM thumbnails.list_deletions(\(limit)::integer)")
  }

  /// Those of the keys that no row names and no worker can still hand in.
  package func unneeded(among keys: [String]) throws(DatabaseError) -> [String] {
    try self.keys("SELECT key FROM thumbnails.unneeded_objects(\(keys)::text[])")
  }

  /// Strikes off what has been deleted, and notes what the store would not delete: the report tells of it.
  ///
  /// - Parameter text: what the store said of the last one it refused; nil where it refused none.
  package func forget(_ keys: [String], refused: [String], text: String?) throws(DatabaseError) {
    _ = try session.run("SELECT thumbnails.forget_objects(\(keys)::text[], \(refused)::text[], \(text)::text)")
  }

  /// Puts down, for deletion, those of the keys that nobody needs.
  ///
  /// - Returns: how many.
  package func putDownOrphans(among keys: [String]) throws(DatabaseError) -> Int {
    try session.run("SELECT thumbnails.put_down_orphans(\(keys)::text[]) AS found").first?.integer("found") ?? 0
  }

  /// Those of the keys that ``putDownOrphans(among:)`` would put down.
  package func listOrphans(among keys: [String]) throws(DatabaseError) -> [String] {
    try self.keys("SELECT key FROM thumbnails.list_orphans(\(keys)::text[])")
  }

  /// The key after which the walk through the store goes on; empty at its beginning.
  package func position() throws(DatabaseError) -> String {
    try session.run("SELECT thumbnails.collector_position() AS key").first?.text("key") ?? ""
  }

  /// Notes where the next walk goes on: behind `key`, or at the beginning where it is empty.
  package func move(to key: String) throws(DatabaseError) {
    _ = try session.run("SELECT thumbnails.move_collector(\(key)::text)")
  }

  private func keys(_ query: Query) throws(DatabaseError) -> [String] {
    try session.run(query).compactMap { $0.text("key") }
  }
}
