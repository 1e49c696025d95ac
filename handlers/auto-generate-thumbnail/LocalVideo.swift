internal import Decoding
internal import Failures
internal import Glibc
internal import Transfer

/// A file of this machine. Only `render` opens one: a row's URL never gets here.
final class LocalVideo: ByteSource {
  private let descriptor: Int32
  let size: Int64?
  private(set) var bytesRead = 0

  init(path: String) throws {
    // O_NONBLOCK: opening a pipe must not wait for its writer; a pipe is refused below.
    descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw SourceError(.source, "\(path): \(String(errno: errno))") }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw SourceError(.source, "\(path) is not a regular file")
    }
    size = Int64(status.st_size)
  }

  deinit {
    close(descriptor)
  }

  func bytes(at offset: Int64, count: Int) throws -> ArraySlice<UInt8> {
    var buffer = [UInt8](repeating: 0, count: count)
    while true {
      let received = unsafe pread(descriptor, &buffer, count, Int(offset))
      if received < 0 && errno == EINTR { continue }
      guard received >= 0 else { throw SourceError(.source, "the file cannot be read: \(String(errno: errno))") }
      bytesRead += received
      return buffer[0..<received]
    }
  }

  func atHand(at offset: Int64, count: Int) throws -> ArraySlice<UInt8> { try bytes(at: offset, count: count) }
}
