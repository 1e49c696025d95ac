internal import Deadlines
internal import Glibc

/// Walks a local store's folders in the order of the keys.
struct LocalListing {
  let directory: String

  /// Up to `limit` files below `thumbnails/`, those of one video together, after the key `after`; fewer where the deadline passes.
  func list(after: String, limit: Int, deadline: Deadline) throws(StorageError) -> ObjectListing {
    var listing = ObjectListing()
    let root = String(ObjectKey.prefix.dropLast())
    for folder in try names(root) where "\(root)/\(folder)/\u{7f}" > after {
      if deadline.hasPassed {
        guard let last = listing.entries.last else {
          throw StorageError("the local store is too slow to be listed (THUMBNAILS_DIRECTORY)")
        }
        listing.next = last.key
        break
      }
      for name in try names("\(root)/\(folder)") {
        let key = "\(root)/\(folder)/\(name)"
        guard key > after, let modified = modifiedSeconds(key) else { continue }
        listing.entries.append(ObjectListing.Entry(key: key, modifiedSeconds: modified))
      }
      if listing.entries.count >= limit {
        listing.next = listing.entries.last?.key
        break
      }
    }
    return listing
  }

  /// The entries of a folder, sorted; none where it is gone or no folder.
  private func names(_ folder: String) throws(StorageError) -> [String] {
    guard let handle = unsafe opendir("\(directory)/\(folder)") else {
      if errno == ENOENT || errno == ENOTDIR { return [] }
      throw StorageError("the local store cannot be listed: \(unsafe String(cString: strerror(errno))) (THUMBNAILS_DIRECTORY)")
    }
    defer { unsafe _ = closedir(handle) }
    var names: [String] = []
    while let entry = unsafe readdir(handle) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Nil for what is no plain file.
  private func modifiedSeconds(_ key: String) -> Double? {
    var status = stat()
    guard unsafe lstat("\(directory)/\(key)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Double(status.st_mtim.tv_sec)
  }
}
