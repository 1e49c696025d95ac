internal import Deadlines
internal import Glibc

/// Walks a local store's folders in the order of the keys.
struct LocalListing {
  let directory: String

  private static let root = String(ObjectKey.prefix.dropLast())

  /// Up to `limit` files whose keys begin with `prefix`, those of one video together, after the key `after`. Of the folders only
  /// those are read that hold them.
  ///
  /// - Throws: `StorageError`, also where the deadline passes.
  func list(prefix: String, after: String, limit: Int, deadline: Deadline) throws(StorageError) -> ObjectListing {
    var listing = ObjectListing()
    let folders = try self.folders(prefix: prefix, after: after, limit: limit)
    for folder in folders.names {
      if deadline.hasPassed { throw StorageError("the local store is too slow to be listed (THUMBNAILS_DIRECTORY)") }
      for name in try names("\(Self.root)/\(folder)", from: "", limit: Int.max / 2).names {
        let key = "\(Self.root)/\(folder)/\(name)"
        guard key.hasPrefix(prefix), key > after, let modified = modifiedSeconds(key) else { continue }
        listing.entries.append(ObjectListing.Entry(key: key, modifiedSeconds: modified))
      }
      if listing.entries.count >= limit {
        listing.next = listing.entries.last?.key
        return listing
      }
    }
    // Behind every key of the last folder that was looked into.
    if folders.hasMore, let last = folders.names.last { listing.next = "\(Self.root)/\(last)/\u{7f}" }
    return listing
  }

  private func folders(prefix: String, after: String, limit: Int) throws(StorageError) -> (names: [String], hasMore: Bool) {
    let parts = prefix.split(separator: "/", omittingEmptySubsequences: false)
    // One video's are looked for: there may be a million others.
    if parts.count > 2 { return ([String(parts[1])], false) }
    let first = after.split(separator: "/").dropFirst().first.map(String.init) ?? ""
    // One more, for the first may have been listed to its end.
    return try names(Self.root, from: first, limit: limit + 1)
  }

  /// The first `limit` entries of a folder from the name `first` on, in the order of their bytes; none where it is gone or no folder.
  ///
  /// A folder may hold a million: no more than twice `limit` are kept at a time.
  private func names(_ folder: String, from first: String, limit: Int) throws(StorageError) -> (names: [String], hasMore: Bool)
  {
    guard let handle = unsafe opendir("\(directory)/\(folder)") else {
      if errno == ENOENT || errno == ENOTDIR { return ([], false) }
      throw Self.failure(errno)
    }
    defer { unsafe _ = closedir(handle) }
    var names: [String] = []
    var bound: String?
    while true {
      // By it alone the end is told from an error (readdir(3)).
      errno = 0
      guard let entry = unsafe readdir(handle) else { break }
      unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { name in
          guard unsafe strcmp(name, first) >= 0 else { return }
          if let bound, unsafe strcmp(name, bound) > 0 { return }
          unsafe names.append(String(cString: name))
        }
      }
      if names.count > 2 * limit {
        names = Array(Self.sorted(names).prefix(limit + 1))
        bound = names.last
      }
    }
    guard errno == 0 else { throw Self.failure(errno) }
    names = Self.sorted(names)
    return (Array(names.prefix(limit)), names.count > limit)
  }

  private static func failure(_ code: Int32) -> StorageError {
    StorageError("the local store cannot be listed: \(unsafe String(cString: strerror(code))) (THUMBNAILS_DIRECTORY)")
  }

  private static func sorted(_ names: [String]) -> [String] {
    names.filter { $0 != "." && $0 != ".." }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Nil for what is no plain file.
  private func modifiedSeconds(_ key: String) -> Double? {
    var status = stat()
    guard unsafe lstat("\(directory)/\(key)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Double(status.st_mtim.tv_sec)
  }
}
