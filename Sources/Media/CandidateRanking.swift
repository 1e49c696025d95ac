internal import CLibAV
internal import Decoding

/// Holds the best candidate so far; of the others only their figures, so that memory does not grow with their number.
struct CandidateRanking: ~Copyable {
  private let seconds: (borrowing Frame) -> Double
  private var frame: Frame?
  private var leader: Leader?
  private var seen: Set<Int64> = []
  private var histograms: [[Double]] = []
  private var rejected: [Rejection: Int] = [:]
  private(set) var candidates = 0

  /// The weight of being typical of the video, against the picture's own score.
  private static let typicality = 0.15
  /// Scores that are no further apart are a tie, which goes to the earlier picture.
  private static let tie = 0.01
  /// What makes a picture clearly good falls with every candidate: a video of modest pictures is not read eight times.
  private static let patience = 0.03

  private struct Leader {
    let seconds: Double
    let score: Double
    let isGood: Bool
  }

  init(seconds: @escaping (borrowing Frame) -> Double) {
    self.seconds = seconds
  }

  /// Whether a picture is in hand that passed every gate.
  var hasGood: Bool { leader?.isGood ?? false }

  /// Looks at one more picture; one that was seen before does not count.
  ///
  /// - Returns: whether a clearly good one is in hand, so that nobody needs to look further.
  mutating func add(_ frame: consuming Frame) throws(MediaError) -> Bool {
    if let time = frame.timestamp, !seen.insert(time).inserted { return false }
    candidates += 1
    let statistics = try PictureStatistics(of: frame)
    let own = PictureScore.value(of: statistics)
    histograms.append(statistics.histogram)
    let rejection = statistics.rejection
    if let rejection { rejected[rejection, default: 0] += 1 }
    let challenger = Leader(
      seconds: seconds(frame), score: own - Self.typicality * distanceToMean(statistics.histogram), isGood: rejection == nil)
    if wins(challenger) {
      leader = challenger
      self.frame = consume frame
    }
    return hasGood && (leader?.score ?? 0) >= PictureScore.clearlyGood - Self.patience * Double(candidates - 1)
  }

  /// The best of the good ones, else of the rejected ones, marked; nil where there was none.
  mutating func takeBest() -> ChosenFrame? {
    guard let leader, let frame = frame.take() else { return nil }
    return ChosenFrame(
      frame: frame, seconds: leader.seconds, score: max(0, leader.score), candidates: candidates, rejected: rejected,
      isDegraded: !leader.isGood)
  }

  private func wins(_ challenger: Leader) -> Bool {
    guard let leader else { return true }
    if challenger.isGood != leader.isGood { return challenger.isGood }
    if abs(challenger.score - leader.score) <= Self.tie { return challenger.seconds < leader.seconds }
    return challenger.score > leader.score
  }

  private func distanceToMean(_ histogram: [Double]) -> Double {
    guard histograms.count > 2 else { return 0 }
    let mean = histogram.indices.map { bin in histograms.reduce(0) { $0 + $1[bin] } / Double(histograms.count) }
    return PictureScore.distance(histogram, mean)
  }
}
