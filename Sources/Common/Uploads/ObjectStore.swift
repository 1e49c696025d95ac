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
  /// Deletes several objects, at once if the store can.
  ///
  /// - Parameter isFree: asked again and again; what has not ended when it returns false is given up.
  /// - Returns: what became of each; nil if it was given up, or not begun in time.
  func delete(_ keys: [String], deadline: Deadline, while isFree: () -> Bool) -> [Result<Void, any Error>?]
  /// The first objects, up to `limit`, below each of several prefixes, at once if the store can.
  ///
  /// - Parameter isFree: as for ``delete(_:deadline:while:)``, and so is the result.
  func list(prefixes: [String], limit: Int, deadline: Deadline, while isFree: () -> Bool) -> [Result<ObjectListing, any Error>?]
  /// Whether the store answers at all, even with a refusal, and from where.
  func reach(deadline: Deadline) -> StoreReach
  /// The public URL of the object: a base URL, a slash and the key, which needs no escaping. With an empty key, it is the beginning of all
  /// URLs.
  func publicURL(_ key: String) -> String
  /// What and where the store is, for people.
  var summary: String { get }
}

/// One after the other.
extension ObjectStore {
  package func delete(_ keys: [String], deadline: Deadline, while isFree: () -> Bool) -> [Result<Void, any Error>?] {
    keys.map { key in
      isFree() && !deadline.hasPassed ? Result { _ = try delete(key, deadline: deadline) } : nil
    }
  }

  package func list(prefixes: [String], limit: Int, deadline: Deadline, while isFree: () -> Bool)
    -> [Result<ObjectListing, any Error>?]
  {
    prefixes.map { prefix in
      isFree() && !deadline.hasPassed
        ? Result { try list(prefix: prefix, after: "", limit: limit, deadline: deadline) } : nil
    }
  }
}
