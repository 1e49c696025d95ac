package import Deadlines

/// Where thumbnails are kept: an S3 API or a local directory.
package protocol ObjectStore {
  /// Stores the bytes under `key` and returns when they are there, verified.
  ///
  /// - Throws: `StorageError`.
  func put(_ bytes: [UInt8], key: String, contentType: String, deadline: Deadline) throws
  /// The bytes under `key`; nil where there are none.
  func get(_ key: String, deadline: Deadline) throws -> [UInt8]?
  /// Removes the object; one that is not there is no error.
  ///
  /// - Returns: whether nothing is kept of it: a bucket with versions keeps the bytes.
  @discardableResult func delete(_ key: String, deadline: Deadline) throws -> Bool
  /// When the store itself will delete the object, in its words; nil where it does not say so.
  func end(of key: String, deadline: Deadline) throws -> String?
  /// Up to `limit` (at most 1,000) objects whose keys begin with `prefix` and come after `after`; a local store may add some to
  /// complete a video's.
  ///
  /// - Parameters:
  ///   - prefix: ``ObjectKey/prefix`` at least.
  ///   - after: empty, or what the listing before said is `next`.
  func list(prefix: String, after: String, limit: Int, deadline: Deadline) throws -> ObjectListing
  /// Whether the store is there and says anything, a refusal included.
  func isHeard(deadline: Deadline) -> Bool
  /// The URL under which everybody sees the object.
  func publicURL(_ key: String) -> String
  /// What and where it is, for people.
  var summary: String { get }
}
