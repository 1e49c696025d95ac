internal import Glibc

/// Plain text on standard error, for people at a terminal; services log JSON lines instead.
package enum StandardError {
  package static func write(_ text: String) {
    var text = text
    text.withUTF8 { unsafe _ = Glibc.write(2, $0.baseAddress, $0.count) }
  }
}
