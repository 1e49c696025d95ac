internal import Glibc

/// Writes plain text to standard error, for people at a terminal. Services log JSON lines instead.
package enum StandardError {
  /// Calls `write(2)` once, which may block. What it does not accept is lost, and errors are ignored. No line end is added.
  package static func write(_ text: String) {
    var text = text
    text.withUTF8 { unsafe _ = Glibc.write(2, $0.baseAddress, $0.count) }
  }
}
