/// What decides between two candidates.
struct Standing {
  /// When the picture is shown.
  let seconds: Double
  /// As ``PictureScore`` has it, less what is untypical of the video.
  let score: Double
  /// Whether it passed every gate.
  let isGood: Bool
  /// Whether it is beyond doubt: see ``PictureStatistics/isConclusive``.
  let isConclusive: Bool
  /// Longer side as it is coded, in pixels, up to what is wanted.
  let side: Int

  /// Scores that are no further apart are a tie, which goes to the earlier picture.
  private static let tie = 0.01
  /// How much a picture may be behind in its score if it is sharp in the middle and no close-up, and the other is not.
  private static let conclusiveness = 0.1

  /// Whether it takes the place of the best one so far.
  func beats(_ best: Standing) -> Bool {
    if isGood != best.isGood { return isGood }
    // The size of a conference's video changes with its network.
    if max(side, best.side) >= 2 * min(side, best.side) { return side > best.side }
    if isConclusive != best.isConclusive, abs(score - best.score) <= Self.conclusiveness { return isConclusive }
    if abs(score - best.score) <= Self.tie { return seconds < best.seconds }
    return score > best.score
  }
}
