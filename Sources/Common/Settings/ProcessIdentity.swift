internal import Glibc

/// Identifies this process to those who see many.
package struct ProcessIdentity: Sendable {
  /// The executable's name.
  package let program: String
  /// The name under which this machine is shown, and by which faults of its store and settings are counted.
  package let host: String
  /// Nil if each request has its own process.
  package let pid: Int?

  /// Reads `WORKER_HOST`.
  ///
  /// - Parameter isLasting: whether the process serves many requests, so that its pid identifies it.
  package init(_ program: String, isLasting: Bool, _ reader: inout SettingsReader) {
    self.program = program
    host = reader.text(
      "WORKER_HOST", fallback: Self.machineName, shown: "host name",
      meaning: "this machine's name in the report, under which faults of its store and settings are counted, too")
    pid = isLasting ? Int(getpid()) : nil
  }

  /// `program:pid@host`, or `program:cgi@host` without a pid. It is also the name of the database connection, so that the database records
  /// which process has a claim. PostgreSQL keeps such names as printable ASCII of at most 63 bytes.
  package var name: String {
    let text = "\(program):\(pid.map(String.init) ?? "cgi")@\(host)"
    return String(decoding: text.utf8.map { (0x20...0x7e).contains($0) ? $0 : UInt8(ascii: "?") }.prefix(63), as: UTF8.self)
  }

  /// The answer of `gethostname(2)`.
  private static var machineName: String {
    var bytes = [UInt8](repeating: 0, count: 256)
    let status = unsafe bytes.withUnsafeMutableBytes {
      unsafe gethostname($0.baseAddress!.assumingMemoryBound(to: CChar.self), 255)
    }
    return status == 0 ? String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) : ""
  }
}
