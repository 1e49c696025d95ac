internal import FoundationEssentials

/// The environment as a value, so that settings can be read and tested without touching the process.
package struct Environment: Sendable {
  private let values: [String: String]

  /// - Parameter values: by the variables' names; taken as they are, `HTTP_*` included.
  package init(_ values: [String: String]) {
    self.values = values
  }

  /// The process's own environment. `HTTP_*` is left out: under CGI those are the caller's request headers.
  package static var process: Environment {
    Environment(ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("HTTP_") })
  }

  /// The names of all variables that have a value, sorted.
  var names: [String] { values.filter { !$0.value.isEmpty }.keys.sorted() }

  /// The value under `name`; nil where it is absent or empty.
  package subscript(name: String) -> String? {
    guard let value = values[name], !value.isEmpty else { return nil }
    return value
  }

  /// The value of `name`, itself or in a file: `NAME`, else the contents of the file named by `NAME_FILE`, else of
  /// `$CREDENTIALS_DIRECTORY/NAME` (systemd's `LoadCredential=`). A trailing newline is cut.
  ///
  /// - Throws: `UnreadableFile` where `NAME_FILE` names a file that cannot be read.
  func valueOrFile(_ name: String) throws(UnreadableFile) -> String? {
    if let value = self[name] { return value }
    if let path = self["\(name)_FILE"] {
      guard let text = Self.contents(ofFile: path) else {
        throw UnreadableFile(variable: "\(name)_FILE")
      }
      if !text.isEmpty { return text }
    }
    guard let directory = self["CREDENTIALS_DIRECTORY"], let text = Self.contents(ofFile: "\(directory)/\(name)"),
      !text.isEmpty
    else { return nil }
    return text
  }

  /// The first of `names` that has a value, itself or in a file, as it is now; nil also where the file cannot be read.
  package func secret(_ names: [String]) -> Secret? {
    names.lazy.compactMap { try? valueOrFile($0) }.first.map { Secret($0) }
  }

  private static func contents(ofFile path: String) -> String? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    var text = String(decoding: data, as: UTF8.self)
    while text.hasSuffix("\n") || text.hasSuffix("\r\n") { text.removeLast() }
    return text
  }
}

/// A `NAME_FILE` variable that names a file which cannot be read.
struct UnreadableFile: Error {
  /// Its name, `_FILE` included. The path is left out: by mistake it may be the secret itself.
  let variable: String
}
