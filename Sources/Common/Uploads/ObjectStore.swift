package import Deadlines

/// Where thumbnails are kept: an S3 API or a local directory.
package protocol ObjectStore {
  /// Stores the bytes under `key`, and returns after it has verified that they are there.
  ///
  /// - Throws: `StorageError`.
  func put(_ bytes: [UInt8], key: String, contentType: String, deadline: Deadline) throws
  /// The bytes under `key`; nil if there are none.
  func get(_ key: String, deadline: Deadline) throws -> [UInt8]?
  /// Deletes the object. It is no error if there is none.
  ///
  /// - Returns: false if the store keeps the bytes, as a bucket with versions does.
  @discardableResult func delete(_ key: String, deadline: Deadline) throws -> Bool
  /// When the store itself will delete the object, in its own words; nil if it does not tell.
  func expiry(of key: String, deadline: Deadline) throws -> String?
  /// Up to `limit` (at most 1,000) objects whose keys begin with `prefix` and come after `after`. A local store may return more to complete
  /// those of a video.
  ///
  /// - Parameters:
  ///   - prefix: at least ``ObjectKey/prefix``.
  ///   - after: empty, or the `next` of the previous listing.
  func list(prefix: String, after: String, limit: Int, deadline: Deadline) throws -> ObjectListing
  /// Whether the store answers at all, even with a refusal.
  func isReachable(deadline: Deadline) -> Bool
  /// The public URL of the object.
  func publicURL(_ key: String) -> String
  /// What and where the store is, for people.
  var summary: String { get }
}
