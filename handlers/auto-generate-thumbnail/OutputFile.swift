internal import Failures
internal import Glibc
internal import Uploads

/// A file that `render` writes. Its path is passed to the kernel as it was given: Foundation would expand `~root` and remove `..`.
struct OutputFile {
  private let path: String

  init(_ path: String) {
    self.path = path
  }

  /// Replaces a regular file in one step. A link or a device, such as `/dev/null`, is written to and not replaced by a file.
  ///
  /// - Throws: `StorageError`.
  func write(_ bytes: [UInt8]) throws {
    var status = stat()
    let isNew = unsafe lstat(path, &status) != 0
    guard isNew || status.st_mode & S_IFMT == S_IFREG else { return try write(bytes, at: path, O_TRUNC, 0o666) }
    let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[...$0] } ?? ""
    let temporary = "\(folder).thumbnail-\(getpid()).part"
    try write(bytes, at: temporary, O_EXCL, isNew ? 0o666 : status.st_mode & 0o777)
    guard unsafe rename(temporary, path) == 0 else {
      let code = errno
      unsafe _ = unlink(temporary)
      throw failure(code)
    }
  }

  private func write(_ bytes: [UInt8], at place: String, _ flag: Int32, _ mode: mode_t) throws(StorageError) {
    let file = unsafe open(place, O_WRONLY | O_CREAT | O_CLOEXEC | flag, mode)
    guard file >= 0 else { throw failure(errno) }
    var rest = bytes[...]
    var code: Int32 = 0
    while !rest.isEmpty && code == 0 {
      let written = unsafe rest.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
      if written < 0 && errno != EINTR { code = errno }
      rest = rest.dropFirst(max(0, written))
    }
    // A disk on the network may refuse the file only now.
    if close(file) != 0 && code == 0 { code = errno }
    guard code == 0 else {
      if flag == O_EXCL { unsafe _ = unlink(place) }
      throw failure(code)
    }
  }

  private func failure(_ code: Int32) -> StorageError {
    StorageError("\(path) cannot be written: \(String(errno: code))")
  }
}
