internal import Decoding

/// The picture a thumbnail is made of, and how it was found.
struct ChosenFrame: ~Copyable {
  let frame: Frame
  /// Since the beginning of the video.
  let seconds: Double
  /// 0 to 1; nil where the picture was asked for or taken without a choice.
  let score: Double?
  /// How many pictures were looked at.
  let candidates: Int
  let rejected: [Rejection: Int]
  /// No gate would have let it through.
  let isDegraded: Bool
}
