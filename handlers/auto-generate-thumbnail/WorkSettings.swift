internal import Settings

/// How a claimed row is processed.
struct WorkSettings {
  /// How long a claim holds without renewal.
  let leaseSeconds: Double
  /// How long a replaced object is kept before the garbage collector may remove it.
  let keepSeconds: Double
  /// Whether each new thumbnail has a storyboard made after it.
  let makesStoryboards: Bool
  /// The most bytes of a video to read for its storyboard.
  let storyboardBytes: Int

  init(_ reader: inout SettingsReader) {
    reader.begin("Jobs")
    leaseSeconds = reader.seconds(
      "LEASE_SECONDS", fallback: 30, in: 0.5...3600,
      meaning: "seconds a claim holds without renewal; an origin or a decoder may be silent for three quarters of it")
    keepSeconds = reader.seconds(
      "OBJECT_KEEP_SECONDS", fallback: 86_400, in: 0...31_536_000, meaning: "seconds a replaced object is kept")
    makesStoryboards =
      reader.choice(
        "STORYBOARD", fallback: Switch.off,
        meaning: "`on`: small pictures for a player's timeline after each new thumbnail ([formats.md](formats.md))") == .on
    storyboardBytes = reader.integer(
      "STORYBOARD_MAX_BYTES", fallback: 256 << 20, in: 1_048_576...(16 << 30), meaning: "bytes read for one storyboard, at most"
    )
  }

  private enum Switch: String, CaseIterable {
    case on, off
  }
}
