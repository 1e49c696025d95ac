/// The properties by which two candidates are compared.
struct CandidateRank {
  /// When the picture is shown.
  let seconds: Double
  /// ``PictureScore``'s value, reduced by how untypical the picture is of the video.
  let score: Double
  /// Whether it passed every gate.
  let isGood: Bool
  /// Whether it is not transparent all over. If others are not, either, it is an overlay, and what is beneath the transparency is not meant to be
  /// seen.
  var isSeen = true
  /// Whether the picture may end the search: see ``PictureStatistics/isConclusive``.
  var isConclusive: Bool
  /// The longer side as it is coded, in pixels, at most the side that is wanted.
  let side: Int

  /// Good pictures whose scores differ by no more are a tie, which the earlier one wins. Of rejected ones, even a little more may be all
  /// that can be seen.
  private static let tie = 0.01
  /// A conclusive picture still wins over an inconclusive one, and of rejected ones a larger one over a smaller, if its score is lower by no
  /// more than this.
  private static let conclusiveness = 0.1

  /// Whether it replaces the best one so far.
  func beats(_ best: CandidateRank) -> Bool {
    if isSeen != best.isSeen { return isSeen }
    if isGood != best.isGood { return isGood }
    // In the recording of a video conference, the size changes with the network's quality. A black picture is no better for its size.
    let mayCompareSizes = isGood || abs(score - best.score) <= Self.conclusiveness
    if mayCompareSizes, max(side, best.side) >= 2 * min(side, best.side) { return side > best.side }
    if isConclusive != best.isConclusive, abs(score - best.score) <= Self.conclusiveness { return isConclusive }
    if isGood, abs(score - best.score) <= Self.tie { return seconds < best.seconds }
    return score > best.score
  }
}
