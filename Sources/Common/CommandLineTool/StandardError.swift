internal import Glibc

/// Plain text on standard error, for people at a terminal; services log JSON lines instead.
package enum StandardError {
  /// One `write(2)`, which may block: what it does not take is lost, and an error is ignored. No line end is added.
  package static func write(_ text: String) {
    var text = text
    text.withUTF8 { unsafe _ = Glibc.write(2, $0.baseAddress, $0.count) }
  }
}
