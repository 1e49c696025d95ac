internal import Glibc

/// Which process this is, for those who look at many.
package struct ProcessIdentity: Sendable {
  /// The executable's name.
  package let program: String
  /// The name under which this machine is shown, and under which faults of its store and settings are counted.
  package let host: String
  /// Nil where each request has a process of its own.
  package let pid: Int?

  /// Reads `WORKER_HOST`.
  ///
  /// - Parameter isLasting: whether the process serves many requests, so that its pid is worth telling.
  package init(_ program: String, isLasting: Bool, _ reader: inout SettingsReader) {
    self.program = program
    host = reader.text(
      "WORKER_HOST", fallback: Self.machineName, shown: "host name",
      meaning: "under which faults of this machine's store and settings are counted, and this machine is shown in the report")
    pid = isLasting ? Int(getpid()) : nil
  }

  /// `program:pid@host`, `program:cgi@host` where there is no pid: the name of the connection to the database, so that what the database
  /// notes of a claim says whose it is. As PostgreSQL keeps such a name: printable ASCII, 63 bytes.
  package var name: String {
    let text = "\(program):\(pid.map(String.init) ?? "cgi")@\(host)"
    return String(decoding: text.utf8.map { (0x20...0x7e).contains($0) ? $0 : UInt8(ascii: "?") }.prefix(63), as: UTF8.self)
  }

  /// What `gethostname(2)` says.
  private static var machineName: String {
    var bytes = [UInt8](repeating: 0, count: 256)
    let status = unsafe bytes.withUnsafeMutableBytes {
      unsafe gethostname($0.baseAddress!.assumingMemoryBound(to: CChar.self), 255)
    }
    return status == 0 ? String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) : ""
  }
}
