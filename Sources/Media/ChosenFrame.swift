internal import Decoding

/// The picture a thumbnail is made of, and how it was found.
struct ChosenFrame: ~Copyable {
  let frame: Frame
  /// Its size as it was coded, in pixels.
  let source: (width: Int, height: Int)
  let presentation: Presentation
  let ground: Ground
  /// Since the beginning of the video.
  let seconds: Double
  /// 0 to 1; nil where the picture was asked for or taken without a choice.
  let score: Double?
  /// How many pictures were looked at.
  let candidates: Int
  let rejected: [Rejection: Int]
  /// No gate would have let it through, or its colours are only near.
  var isDegraded: Bool

  /// Whether anything was seen in the track: a picture that is neither black nor white.
  var showsSomething: Bool { !isDegraded || rejected.keys.contains { $0 != .dark && $0 != .bright } }
}
