internal import FoundationEssentials
internal import Glibc

/// The environment as a value, so that settings can be read and tested without changing the process.
package struct Environment: Sendable {
  private let values: [String: String]

  /// - Parameter values: by name; `HTTP_*` is not removed.
  package init(_ values: [String: String]) {
    self.values = values
  }

  /// The process's environment without `HTTP_*`, which under CGI are the caller's request headers.
  package static var process: Environment {
    Environment(ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("HTTP_") })
  }

  /// The names of all variables that have a value, sorted.
  var names: [String] { values.filter { !$0.value.isEmpty }.keys.sorted() }

  /// The name of a variable that tells other programs to use a proxy; nil if none has a value. `HTTP_PROXY` is not among them, since under CGI
  /// it would be a caller's header.
  package var proxy: String? {
    ["https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY"].first { self[$0] != nil }
  }

  /// The value of a variable; nil if it is not set or empty.
  package subscript(name: String) -> String? {
    guard let value = values[name], !value.isEmpty else { return nil }
    return value
  }

  /// The value of a variable, or the content of a file: the one named by `NAME_FILE`, or else `$CREDENTIALS_DIRECTORY/NAME` (systemd's
  /// `LoadCredential=`). Trailing newlines are removed.
  ///
  /// - Parameter isWaitedFor: whether a pipe that says nothing yet is waited for.
  /// - Throws: if the file named by `NAME_FILE`, or one that is there in the credentials directory, cannot be read.
  func valueOrFile(_ name: String, isWaitedFor: Bool = true) throws(UnreadableFile) -> String? {
    if let value = self[name] { return value }
    if let path = self["\(name)_FILE"] {
      guard let text = Self.contents(ofFile: path, isWaitedFor: isWaitedFor) else {
        throw .named(variable: "\(name)_FILE")
      }
      if !text.isEmpty { return text }
    }
    guard let path = self["CREDENTIALS_DIRECTORY"].map({ "\($0)/\(name)" }), !Self.isMissing(path) else { return nil }
    guard let text = Self.contents(ofFile: path, isWaitedFor: isWaitedFor) else { throw .credential(name: name) }
    return text.isEmpty ? nil : text
  }

  /// The current value of the first of `names` that has one, as a variable or in a file; nil also if the file cannot be read
  /// at once.
  package func secret(_ names: [String]) -> Secret? {
    names.lazy.compactMap { try? valueOrFile($0, isWaitedFor: false) }.first.map { Secret($0) }
  }

  /// False if it cannot be known, as in a folder that this process may not enter.
  private static func isMissing(_ path: String) -> Bool { unsafe access(path, F_OK) != 0 && [ENOENT, ENOTDIR].contains(errno) }

  /// The text of a file or a pipe; nil if it cannot be read, or is too long for a secret.
  private static func contents(ofFile path: String, isWaitedFor: Bool) -> String? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | (isWaitedFor ? 0 : O_NONBLOCK))
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    while bytes.count < mostBytes {
      let count = unsafe read(descriptor, &piece, piece.count)
      if count < 0 && errno == EINTR { continue }
      if count < 0 { return nil }
      if count == 0 { break }
      bytes += piece.prefix(count)
    }
    guard bytes.count < mostBytes else { return nil }
    var text = String(decoding: bytes, as: UTF8.self)
    while text.hasSuffix("\n") || text.hasSuffix("\r\n") { text.removeLast() }
    return text
  }

  private static let mostBytes = 64 * 1024
}

/// A file that holds a secret cannot be read.
enum UnreadableFile: Error {
  /// The variable, with `_FILE`, that names it. The path is not kept, since by mistake it may be the secret itself.
  case named(variable: String)
  /// The secret's own file in the credentials directory.
  case credential(name: String)

  var sentence: String {
    switch self {
    case .named(let variable):
      "\(variable) names a file that cannot be read: it is the path of a file that holds the secret"
    case .credential(let name):
      "\(name) in the credentials directory cannot be read: look at owner and mode of the file and its folder"
    }
  }
}
