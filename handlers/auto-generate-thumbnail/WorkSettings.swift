internal import Glibc
internal import Settings

/// How a claimed row is worked on.
struct WorkSettings {
  /// `LEASE_SECONDS`: how long a claim holds without renewal (30).
  let leaseSeconds: Double
  /// `OBJECT_KEEP_SECONDS`: how long a replaced object is kept before the garbage collector may remove it (24 h).
  let keepSeconds: Double

  /// `WORKER_HOST`: the name under which faults of this machine's store and settings are counted (its host name).
  let host: String

  init(_ reader: inout SettingsReader) {
    leaseSeconds = reader.seconds("LEASE_SECONDS", fallback: 30, in: 0.5...3600)
    keepSeconds = reader.seconds("OBJECT_KEEP_SECONDS", fallback: 86_400, in: 0...31_536_000)
    host = reader.text("WORKER_HOST", fallback: Self.machineName)
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
