internal import Deadlines
internal import Glibc

/// Lists the files of a local store in the order of their keys.
struct LocalListing {
  let directory: String

  private static let root = String(ObjectKey.prefix.dropLast())

  /// Up to `limit` files whose keys begin with `prefix` and come after `after`; the files of one video stay together. Reads only the
  /// folders that have such files.
  ///
  /// - Throws: `StorageError`, also if the deadline passes.
  func list(prefix: String, after: String, limit: Int, deadline: Deadline) throws(StorageError) -> ObjectListing {
    var listing = ObjectListing()
    let folders = try self.folders(prefix: prefix, after: after, limit: limit)
    for folder in folders.names {
      try LocalStore.check(deadline)
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
    // This comes after every key of the last folder that was read.
    if folders.hasMore, let last = folders.names.last { listing.next = "\(Self.root)/\(last)/\u{7f}" }
    return listing
  }

  private func folders(prefix: String, after: String, limit: Int) throws(StorageError) -> (names: [String], hasMore: Bool) {
    let parts = prefix.split(separator: "/", omittingEmptySubsequences: false)
    // The files of one video are listed, so other folders, of which there may be a million, are not read.
    if parts.count > 2 { return ([String(parts[1])], false) }
    let first = after.split(separator: "/").dropFirst().first.map(String.init) ?? ""
    // One more, since the first folder may have been listed to its end.
    return try names(Self.root, from: first, limit: limit + 1)
  }

  /// The first `limit` entries of a folder from the name `first` on, in byte order; none if there is no such folder.
  ///
  /// A folder may have a million entries, so at most twice `limit` are kept in memory.
  private func names(_ folder: String, from first: String, limit: Int) throws(StorageError) -> (names: [String], hasMore: Bool)
  {
    guard let handle = unsafe opendir("\(directory)/\(folder)") else {
      if errno == ENOENT || errno == ENOTDIR { return ([], false) }
      throw LocalStore.failure("list a folder", errno)
    }
    defer { unsafe _ = closedir(handle) }
    var names: [String] = []
    var bound: String?
    while true {
      // readdir(3) tells the end from an error only by errno.
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
    guard errno == 0 else { throw LocalStore.failure("list a folder", errno) }
    names = Self.sorted(names)
    return (Array(names.prefix(limit)), names.count > limit)
  }

  private static func sorted(_ names: [String]) -> [String] {
    names.filter { $0 != "." && $0 != ".." }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Nil unless it is a regular file.
  private func modifiedSeconds(_ key: String) -> Double? {
    var status = stat()
    guard unsafe lstat("\(directory)/\(key)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Double(status.st_mtim.tv_sec)
  }
}
