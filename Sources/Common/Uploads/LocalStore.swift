internal import Deadlines
internal import Failures
internal import Glibc

/// Stores objects as files below a directory that nginx serves. Its file system may be on the network and stop answering: no operation takes
/// longer than its deadline.
struct LocalStore: ObjectStore, Sendable {
  private let settings: LocalSettings
  /// How much is written between two checks of the deadline: a slow disk, or one on the network, may take long.
  private static let pieceBytes = 64 * 1024

  init(_ settings: LocalSettings) {
    self.settings = settings
  }

  var summary: String { "local directory \(settings.directory), public under \(settings.publicBaseURL)/thumbnails/" }

  func publicURL(_ key: String) -> String { "\(settings.publicBaseURL)/\(key)" }

  /// Writes a temporary file and renames it, so that nobody sees a part of it, then syncs it with its folders: after this returns, the file
  /// survives a crash. All syncs come last, so that a journal can do them at once. No row names what a crash leaves before that.
  func put(_ bytes: [UInt8], key: String, contentType: String, deadline: Deadline) throws {
    try DetachedCall.run(until: deadline) { try put(bytes, key, deadline) }
  }

  private func put(_ bytes: [UInt8], _ key: String, _ deadline: Deadline) throws {
    let path = try path(of: key)
    let folder = Self.folder(of: path)
    let temporary = "\(folder)/.\(path.dropFirst(folder.count + 1)).\(getpid()).part"
    do {
      var parents = try makeFolders(of: key)
      var file = unsafe open(temporary, Self.forWriting, 0o644)
      if file < 0 && errno == ENOENT {
        // The garbage collector has just removed the empty folder.
        parents = try makeFolders(of: key)
        file = unsafe open(temporary, Self.forWriting, 0o644)
      }
      guard file >= 0 else { throw Self.failure("create a file", errno) }
      do {
        try letOthersRead(temporary, mode: 0o644)
        try write(bytes, to: file, deadline)
        try Self.check(deadline)
        guard unsafe rename(temporary, path) == 0 else { throw Self.failure("rename into place", errno) }
        guard fsync(file) == 0 else { throw Self.failure("sync a file", errno) }
      } catch {
        close(file)
        throw error
      }
      // A mounted bucket may upload the file only now (rclone), and nothing else tells that it was refused.
      guard close(file) == 0 else { throw Self.failure("close a file", errno) }
      for folder in [folder] + parents { try syncFolder(folder) }
    } catch {
      unsafe _ = unlink(temporary)
      throw error
    }
  }

  private static let forWriting = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC

  /// Nil if there is no such file.
  ///
  /// - Throws: `StorageError` if the file cannot be read, the deadline passes or the key is not a safe path.
  func get(_ key: String, deadline: Deadline) throws -> [UInt8]? {
    try DetachedCall.run(until: deadline) { try get(key, deadline) }
  }

  private func get(_ key: String, _ deadline: Deadline) throws -> [UInt8]? {
    let descriptor = try unsafe open(path(of: key), O_RDONLY | O_CLOEXEC)
    if descriptor < 0 {
      if errno == ENOENT { return nil }
      throw Self.failure("read", errno)
    }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let received = unsafe read(descriptor, &buffer, buffer.count)
      if received < 0 && errno == EINTR { continue }
      guard received >= 0 else { throw Self.failure("read", errno) }
      if received == 0 { return bytes }
      try Self.check(deadline)
      bytes += buffer[0..<received]
    }
  }

  /// Removes the file, and its folder if it was the last one in it.
  ///
  /// - Throws: `StorageError` if the file cannot be removed, the deadline has passed or the key is not a safe path.
  @discardableResult func delete(_ key: String, deadline: Deadline) throws -> Bool {
    let path = try path(of: key)
    return try DetachedCall.run(until: deadline) {
      try Self.check(deadline)
      if unsafe unlink(path) != 0 && errno != ENOENT { throw Self.failure("delete", errno) }
      // Removes the video's folder if this was its last file; otherwise it fails without effect.
      unsafe _ = rmdir(Self.folder(of: path))
      return true
    }
  }

  /// Nil: a folder deletes nothing by itself.
  func expiry(of key: String, deadline: Deadline) -> String? { nil }

  /// Lists whole folders, so that the files of one video stay together. There may be more than `limit`.
  ///
  /// - Throws: `StorageError` if a folder cannot be read or the deadline passes; nothing is returned then.
  func list(prefix: String, after: String, limit: Int, deadline: Deadline) throws -> ObjectListing {
    try DetachedCall.run(until: deadline) {
      try LocalListing(directory: settings.directory).list(prefix: prefix, after: after, limit: limit, deadline: deadline)
    }
  }

  /// A folder is there whatever becomes of the network.
  func reach(deadline: Deadline) -> StoreReach { .nearby }

  private func path(of key: String) throws(StorageError) -> String {
    guard ObjectKey.isSafe(key) else { throw StorageError("the object key is not a safe path") }
    return "\(settings.directory)/\(key)"
  }

  private static func folder(of path: String) -> String { path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "." }

  /// - Returns: the folders in which a folder was created.
  private func makeFolders(of key: String) throws -> [String] {
    var parents: [String] = []
    var folder = settings.directory
    for part in key.split(separator: "/").dropLast() {
      let parent = folder
      folder += "/\(part)"
      if unsafe mkdir(folder, 0o755) == 0 {
        try letOthersRead(folder, mode: 0o755)
        parents.append(parent)
      } else if errno != EEXIST {
        throw Self.failure("create a folder", errno)
      }
    }
    return parents
  }

  /// nginx has to read it, whatever the process's umask is. A file system without modes of its own (vfat, for example) may refuse to change
  /// them: then it is enough if others can read anyway.
  private func letOthersRead(_ path: String, mode: mode_t) throws(StorageError) {
    if unsafe chmod(path, mode) == 0 { return }
    let code = errno
    var status = stat()
    let needed = mode & 0o005
    guard unsafe stat(path, &status) == 0, status.st_mode & needed == needed else {
      throw Self.failure("let others read what it stores", code)
    }
  }

  private func write(_ bytes: [UInt8], to file: Int32, _ deadline: Deadline) throws {
    var offset = 0
    while offset < bytes.count {
      try Self.check(deadline)
      let written = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.write(file, $0.baseAddress! + offset, min(Self.pieceBytes, bytes.count - offset))
      }
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { throw Self.failure("write", errno) }
      offset += written
    }
  }

  func syncFolder(_ folder: String) throws {
    let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.failure("open the folder", errno) }
    defer { close(descriptor) }
    // A file system that knows no sync of folders, as that of VirtualBox's shared folders, says EINVAL (POSIX, fsync).
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw Self.failure("sync the folder", errno) }
  }

  static func check(_ deadline: Deadline) throws(StorageError) {
    if deadline.hasPassed { throw tooSlow }
  }

  static let tooSlow = StorageError("the local store is too slow for the deadline (THUMBNAILS_DIRECTORY)")

  static func failure(_ action: String, _ code: Int32) -> StorageError {
    StorageError("the local store could not \(action): \(String(errno: code)) (THUMBNAILS_DIRECTORY)")
  }
}
