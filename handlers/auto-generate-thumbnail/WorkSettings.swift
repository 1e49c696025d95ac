internal import Settings

/// How a claimed row is worked on.
struct WorkSettings {
  /// How long a claim holds without renewal.
  let leaseSeconds: Double
  /// How long a replaced object is kept before the garbage collector may remove it.
  let keepSeconds: Double

  init(_ reader: inout SettingsReader) {
    reader.begin("Jobs")
    leaseSeconds = reader.seconds(
      "LEASE_SECONDS", fallback: 30, in: 0.5...3600, meaning: "seconds a claim holds without renewal")
    keepSeconds = reader.seconds(
      "OBJECT_KEEP_SECONDS", fallback: 86_400, in: 0...31_536_000, meaning: "seconds a replaced object is kept")
  }
}
