internal import Settings

/// How a claimed row is worked on.
struct WorkSettings {
  /// `LEASE_SECONDS`: how long a claim holds without renewal (30).
  let leaseSeconds: Double
  /// `OBJECT_KEEP_SECONDS`: how long a replaced object is kept before the garbage collector may remove it (24 h).
  let keepSeconds: Double

  init(_ reader: inout SettingsReader) {
    leaseSeconds = reader.seconds("LEASE_SECONDS", fallback: 30, in: 0.5...3600)
    keepSeconds = reader.seconds("OBJECT_KEEP_SECONDS", fallback: 86_400, in: 0...31_536_000)
  }
}
