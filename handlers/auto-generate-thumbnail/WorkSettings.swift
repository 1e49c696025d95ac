internal import Settings

/// How a claimed row is worked on.
struct WorkSettings {
  /// `LEASE_SECONDS`: how long a claim holds without renewal (30).
  let leaseSeconds: Double
  /// `OBJECT_KEEP_SECONDS`: how long a replaced object is kept before the garbage collector may remove it (24 h).
  let keepSeconds: Double

  /// `STORYBOARD`: whether each new thumbnail has a storyboard made after it (off).
  let makesStoryboards: Bool
  /// `STORYBOARD_MAX_BYTES`: bytes of a video read for its storyboard, at most (256 MiB).
  let storyboardBytes: Int

  init(_ reader: inout SettingsReader) {
    leaseSeconds = reader.seconds("LEASE_SECONDS", fallback: 30, in: 0.5...3600)
    keepSeconds = reader.seconds("OBJECT_KEEP_SECONDS", fallback: 86_400, in: 0...31_536_000)
    makesStoryboards = reader.choice("STORYBOARD", fallback: Switch.off) == .on
    storyboardBytes = reader.integer("STORYBOARD_MAX_BYTES", fallback: 256 << 20, in: 1_048_576...(16 << 30))
  }

  private enum Switch: String, CaseIterable {
    case on, off
  }
}
