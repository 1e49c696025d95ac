internal import Decoding

/// The picture from which a thumbnail is made, and how it was found.
struct ChosenFrame: ~Copyable {
  let frame: Frame
  /// The coded size, in pixels.
  let source: (width: Int, height: Int)
  let presentation: Presentation
  let background: Background
  /// Seconds since the beginning of the video.
  var seconds: Double
  /// 0 to 1; nil if the picture was asked for, or was taken without a choice.
  let score: Double?
  /// How many pictures were examined.
  let candidates: Int
  let rejected: [Rejection: Int]
  /// Every picture was rejected or damaged, or the colours are only approximate.
  var isDegraded: Bool

  /// Whether a picture of the track was neither black nor white.
  var showsSomething: Bool { !isDegraded || rejected.keys.contains { $0 != .dark && $0 != .bright } }
}
