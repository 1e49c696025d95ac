internal import Decoding

/// Keeps the best candidate so far, and only figures of the others, so that memory does not grow with their number.
struct CandidateRanking: ~Copyable {
  private let file: MediaFile
  private let shape: AspectRatio?
  private var frame: Frame?
  private var leader: Leader?
  private var seen: Set<Int64> = []
  private var histograms: [(seconds: Double, shares: [Double])] = []
  /// Histograms of pictures that passed every gate. Rejected pictures say nothing about what is typical: beside the black pictures of a
  /// fade, its one lighter picture would look untypical.
  private var typical: [[Double]] = []
  private var rejected: [Rejection: Int] = [:]
  private(set) var candidates = 0
  /// The candidates that have used up patience. Rejected ones have not: a video of shots that fade from black has black keyframes, and after
  /// many of them the first picture to pass the gates is still within its fade.
  private var impatience = 0
  /// The last candidate; nil before the first.
  private var last: (contrast: Double, score: Double, isGood: Bool)?

  /// The weight of how typical a picture is of the video, against its own score.
  private static let typicality = 0.15
  /// The score that ends the search falls by this with every candidate, so that a video of modest pictures is not read eight times.
  private static let patience = 0.03

  /// If this many pictures from different places are within this distance, the others are expected to look the same (a test card, a slide,
  /// a fixed camera). Of those that were decoded one after the other, as many as are so many seconds apart.
  private static let alike = (pictures: 3, distance: 0.05, seconds: 1.0)
  /// If the contrast rises or falls by more from one picture to a later one, the lesser one may be from within a fade.
  private static let rise = 1.1
  /// If the score rises by more, the picture is still coming to be: a title appears letter by letter, a camera comes to rest.
  private static let gain = 0.01
  /// From this number of candidates on that have used up patience, a clearly good one ends the search even if it is not conclusive.
  private static let choosy = 4

  /// From this number of pixels on, a picture is halved in both directions, which is still more than any thumbnail needs: it is kept in
  /// memory while others are decoded.
  private static let large = 4 * 3840 * 2000

  private static func halved(_ frame: borrowing Frame) throws(MediaError) -> Frame {
    try FilterGraph.run(frame, chain: "scale=\(frame.width / 2):\(frame.height / 2):flags=area")
  }

  private struct Leader {
    var rank: CandidateRank
    /// The coded size.
    let source: (width: Int, height: Int)
    let presentation: Presentation
    let background: Background
    let isPlainPage: Bool
  }

  /// - Parameter shape: the shape asked for, in which the candidates are judged; nil for the one nearest to the video's own.
  init(_ file: MediaFile, shape: AspectRatio?) {
    self.file = file
    self.shape = shape
  }

  /// Whether one of the pictures so far passed every gate.
  var hasGood: Bool { leader?.rank.isGood ?? false }

  /// Whether the search may end, as ``add(_:isElsewhere:isOnward:)`` has said last.
  private(set) var isEnough = false

  /// When the best one is shown, in seconds; nil if there is none.
  var secondsOfBest: Double? { leader?.rank.seconds }

  /// Whether so few keyframes passed the gates that what follows them may well be better. Of more, the best is hardly
  /// worse than what lies between them.
  var isScarce: Bool { impatience < Self.choosy }

  /// Whether the best one is more than what an overlay hides beneath its transparency.
  var isSeen: Bool { leader?.rank.isSeen ?? false }

  /// Whether the best one may end the search. The more candidates have been seen, the less is required.
  private var isConclusive: Bool { leader?.rank.isConclusive == true || impatience >= Self.choosy }

  /// Whether pictures of twice the size may follow: a recording of a video conference begins with small ones, and does not tell its
  /// duration.
  private var mayGrow: Bool {
    file.head.firstCluster != nil && file.durationSeconds == nil && 2 * (leader?.rank.side ?? 0) < file.limits.wantedSide
  }

  /// Whether further pictures are not worth reading, since those of the first places look the same.
  private var isSteady: Bool {
    guard let first = histograms.first?.shares, histograms.count >= Self.alike.pictures else { return false }
    return histograms.allSatisfy { PictureScore.distance($0.shares, first) <= Self.alike.distance }
  }

  /// Whether all pictures so far are black, white or noise. If the video shows anything, it does so elsewhere.
  var isBlank: Bool { !hasGood && rejected.keys.allSatisfy { [.dark, .bright, .noise].contains($0) } }

  /// Whether there is nothing to be seen in any picture so far, or there is none.
  var isEmpty: Bool { !hasGood && (leader?.rank.score ?? 0) <= 0 }

  /// Examines another picture. One that was seen before does not count.
  ///
  /// - Parameters:
  ///   - isElsewhere: whether the picture is from another place of the file than all before, even if its time is the same.
  ///   - isOnward: whether it was decoded on the way from another one.
  /// - Returns: whether the search may end: there is a clearly good picture, or a good one of a video that looks the same throughout.
  mutating func add(_ frame: consuming Frame, isElsewhere: Bool = false, isOnward: Bool = false) throws(MediaError) -> Bool {
    if let time = frame.timestamp, !seen.insert(time).inserted, !isElsewhere { return false }
    let presentation = Presentation(of: frame, in: file)
    let background: Background
    let statistics: PictureStatistics
    do {
      background = try PictureStatistics.background(of: frame, presentation: presentation)
      statistics = try PictureStatistics(of: frame, presentation: presentation, background: background, shape: shape)
    } catch  where error.kind == .undecodable {
      // A picture that cannot be converted does not count; others may be fine.
      return false
    }
    candidates += 1
    let own = PictureScore.value(of: statistics)
    let seconds = file.seconds(of: frame)
    if !isOnward || seconds - (histograms.last?.seconds ?? -.infinity) >= Self.alike.seconds {
      histograms.append((seconds, statistics.histogram))
    }
    let rejection = statistics.rejection
    if rejection == nil { impatience += 1 }
    let contrast = statistics.variance.squareRoot()
    let before = last ?? (contrast, own, rejection == nil)
    last = (contrast, own, rejection == nil)
    let isComing = isOnward && (own > before.score + Self.gain || !before.isGood && rejection == nil)
    let isFadingIn = isComing || isOnward && contrast > Self.rise * before.contrast
    let isFadingOut = isOnward && before.contrast > Self.rise * contrast
    if isFadingIn { leader?.rank.isConclusive = false }
    if let rejection { rejected[rejection, default: 0] += 1 } else { typical.append(statistics.histogram) }
    let challenger = Leader(
      rank: CandidateRank(
        seconds: seconds, score: own - Self.typicality * distanceToMean(statistics.histogram),
        isGood: rejection == nil, isSeen: background != .none, isConclusive: statistics.isConclusive && !isFadingOut,
        side: min(max(frame.width, frame.height), file.limits.wantedSide)),
      source: (frame.width, frame.height), presentation: presentation, background: background,
      isPlainPage: statistics.isPlainPage)
    if leader.map({ challenger.rank.beats($0.rank) }) ?? true {
      leader = challenger
      let mayBeHalved = presentation.crop == CropBox() && !presentation.isInterlaced && !frame.hasAlpha
      self.frame = mayBeHalved && frame.width * frame.height >= Self.large ? try Self.halved(frame) : consume frame
    }
    guard hasGood, isSeen, !mayGrow, !isFadingIn else { return false }
    isEnough =
      isSteady
      || isConclusive && (leader?.rank.score ?? 0) >= PictureScore.clearlyGood - Self.patience * Double(impatience - 1)
    return isEnough
  }

  /// The best of the good ones; if there is none, the best of the rejected ones, marked as degraded unless it is a page of text; nil if
  /// there was no picture.
  mutating func takeBest() -> ChosenFrame? {
    guard let leader, let frame = frame.take() else { return nil }
    return ChosenFrame(
      frame: frame, source: leader.source, presentation: leader.presentation, background: leader.background,
      seconds: leader.rank.seconds, score: max(0, leader.rank.score), candidates: candidates, rejected: rejected,
      isDegraded: !leader.rank.isGood && !leader.isPlainPage)
  }

  private func distanceToMean(_ histogram: [Double]) -> Double {
    guard typical.count > 2 else { return 0 }
    let mean = histogram.indices.map { bin in typical.reduce(0) { $0 + $1[bin] } / Double(typical.count) }
    return PictureScore.distance(histogram, mean)
  }
}
