internal import CLibAV
internal import Decoding

/// Holds the best candidate so far; of the others only their figures, so that memory does not grow with their number.
struct CandidateRanking: ~Copyable {
  private let file: MediaFile
  private var frame: Frame?
  private var leader: Leader?
  /// The size of the picture that is held, as it was coded.
  private var source = (width: 0, height: 0)
  private var seen: Set<Int64> = []
  private var histograms: [[Double]] = []
  /// Those of pictures that passed every gate. What is turned down is typical of nothing: beside a fade from black its one lighter picture is not.
  private var typical: [[Double]] = []
  private var rejected: [Rejection: Int] = [:]
  private(set) var candidates = 0

  /// The weight of being typical of the video, against the picture's own score.
  private static let typicality = 0.15
  /// What makes a picture clearly good falls with every candidate: a video of modest pictures is not read eight times.
  private static let patience = 0.03

  /// Pictures of different places of the video that are alike: so are the others (a test card, a slide, a fixed camera).
  private static let alike = (pictures: 3, distance: 0.05)
  /// Candidates from which on a clearly good one is taken as it is.
  private static let choosy = 4

  /// Pixels from which half as wide and half as high is more than any thumbnail needs: what is held while others are decoded.
  private static let large = 4 * 3840 * 2000

  private static func halved(_ frame: borrowing Frame) throws(MediaError) -> Frame {
    try FilterGraph.run(frame, chain: "scale=\(frame.width / 2):\(frame.height / 2):flags=area")
  }

  private struct Leader {
    let standing: Standing
    let presentation: Presentation
    let ground: Ground
  }

  init(_ file: MediaFile) {
    self.file = file
  }

  /// Whether a picture is in hand that passed every gate.
  var hasGood: Bool { leader?.standing.isGood ?? false }

  /// Whether the best one may end the search; the more have been seen, the less is asked for.
  private var isConclusive: Bool { leader?.standing.isConclusive == true || candidates >= Self.choosy }

  /// Whether pictures of twice the size may follow: the recording of a video conference begins with small ones, and does not say how long it is.
  private var mayGrow: Bool {
    file.head.firstCluster != nil && file.durationSeconds == nil && 2 * (leader?.standing.side ?? 0) < file.wantedSide
  }

  /// Whether further pictures are not worth their bytes: those of the first places looked at do not differ.
  private var isSteady: Bool {
    guard let first = histograms.first, histograms.count >= Self.alike.pictures else { return false }
    return histograms.allSatisfy { PictureScore.distance($0, first) <= Self.alike.distance }
  }

  /// Whether all that was seen is black or white: what is there to be seen lies elsewhere, if anywhere.
  var isBlank: Bool { rejected.keys.allSatisfy { $0 == .dark || $0 == .bright } }

  /// Looks at one more picture; one that was seen before does not count.
  ///
  /// - Parameter isElsewhere: from another place of the file than all before, though its time may be the same.
  /// - Returns: whether nobody needs to look further: a clearly good one is in hand, or a good one of a video that looks the same throughout.
  mutating func add(_ frame: consuming Frame, isElsewhere: Bool = false) throws(MediaError) -> Bool {
    if let time = frame.timestamp, !seen.insert(time).inserted, !isElsewhere { return false }
    let presentation = Presentation(of: frame, in: file)
    let ground: Ground
    let statistics: PictureStatistics
    do {
      ground = try PictureStatistics.ground(of: frame, presentation: presentation)
      statistics = try PictureStatistics(of: frame, presentation: presentation, ground: ground)
    } catch  where error.kind == .undecodable {
      // One that cannot be converted is none; there may be others.
      return false
    }
    candidates += 1
    let own = PictureScore.value(of: statistics)
    histograms.append(statistics.histogram)
    let rejection = statistics.rejection
    if let rejection { rejected[rejection, default: 0] += 1 } else { typical.append(statistics.histogram) }
    let challenger = Leader(
      standing: Standing(
        seconds: file.seconds(of: frame), score: own - Self.typicality * distanceToMean(statistics.histogram),
        isGood: rejection == nil, isConclusive: statistics.isConclusive,
        side: min(max(frame.width, frame.height), file.wantedSide)),
      presentation: presentation, ground: ground)
    if leader.map({ challenger.standing.beats($0.standing) }) ?? true {
      leader = challenger
      source = (frame.width, frame.height)
      let mayBeHalved = presentation.crop == CropBox() && !presentation.isInterlaced && !frame.hasAlpha
      self.frame = mayBeHalved && frame.width * frame.height >= Self.large ? try Self.halved(frame) : consume frame
    }
    guard hasGood, !mayGrow else { return false }
    return isSteady
      || isConclusive && (leader?.standing.score ?? 0) >= PictureScore.clearlyGood - Self.patience * Double(candidates - 1)
  }

  /// The best of the good ones, else of the rejected ones, marked; nil where there was none.
  mutating func takeBest() -> ChosenFrame? {
    guard let leader, let frame = frame.take() else { return nil }
    return ChosenFrame(
      frame: frame, source: source, presentation: leader.presentation, ground: leader.ground,
      seconds: leader.standing.seconds, score: max(0, leader.standing.score), candidates: candidates, rejected: rejected,
      isDegraded: !leader.standing.isGood)
  }

  private func distanceToMean(_ histogram: [Double]) -> Double {
    guard typical.count > 2 else { return 0 }
    let mean = histogram.indices.map { bin in typical.reduce(0) { $0 + $1[bin] } / Double(typical.count) }
    return PictureScore.distance(histogram, mean)
  }
}
