internal import CLibAV
internal import Deadlines
internal import Decoding
internal import Failures

/// Picks the picture: looks at keyframes spread over the video, turns down those no gate lets through, ranks the rest, and
/// stops as soon as one is clearly good.
struct FrameChoice {
  let file: MediaFile
  let decoder: KeyframeDecoder
  let deadline: Deadline
  let progress: () throws -> Void

  /// Shares of the duration at which to look, in order: the body of the video first, the ends last.
  static let positions = [1.0 / 3, 0.5, 2.0 / 3, 0.2, 0.8, 0.1, 0.9, 0.05]

  /// - Parameter requested: an exact second, which is taken as it is.
  func choose(requested: Double?) throws -> ChosenFrame {
    if let requested { return try exact(requested) }
    var ranking = CandidateRanking(seconds: seconds(of:))
    do {
      try look(&ranking)
    } catch let error as any ClassifiedError where error.failureClass == .source && ranking.hasGood && !deadline.hasPassed {
      // The origin gave out while better ones were looked for: a good one is in hand.
    }
    return try ranking.takeBest() ?? fallback(candidates: ranking.candidates)
  }

  private func look(_ ranking: inout CandidateRanking) throws {
    if file.isAttachedPicture {
      if let frame = try decoder.attachedPicture() { _ = try ranking.add(frame) }
      return
    }
    guard let duration = file.durationSeconds, duration > 0 else { return try lookForward(&ranking) }
    for position in Self.positions {
      guard let frame = try decoder.picture(at: position * duration) else { continue }
      try progress()
      if try ranking.add(frame) { return }
    }
    if ranking.candidates == 0 || (ranking.candidates < 3 && !ranking.hasGood) { try lookForward(&ranking) }
  }

  /// Where seeking leads nowhere (raw streams, animations, no index, no duration, one keyframe): decodes on from the
  /// beginning and looks at frames further and further apart.
  private func lookForward(_ ranking: inout CandidateRanking) throws {
    decoder.rewind()
    var index = 0
    var next = 0
    while let frame = try decoder.nextPicture(), index < file.limits.maximumFrames {
      defer { index += 1 }
      guard index >= next else { continue }
      next = index + max(2, index / 2)
      try progress()
      if try ranking.add(frame) { return }
    }
  }

  private func exact(_ requested: Double) throws -> ChosenFrame {
    let latest = file.durationSeconds ?? requested
    guard let frame = try decoder.picture(atOrBefore: min(max(requested, 0), latest)) else {
      return try fallback(candidates: 0)
    }
    let seconds = seconds(of: frame)
    return ChosenFrame(frame: frame, seconds: seconds, score: nil, candidates: 1, rejected: [:], isDegraded: false)
  }

  /// The last steps of the ladder: anything that can be decoded at all, damaged or not.
  private func fallback(candidates: Int) throws -> ChosenFrame {
    decoder.rewind()
    decoder.acceptsDamage = true
    guard let frame = try decoder.nextPicture() else {
      throw MediaError(.undecodable, "no picture of the video can be decoded")
    }
    let seconds = seconds(of: frame)
    return ChosenFrame(
      frame: frame, seconds: seconds, score: nil, candidates: candidates + 1, rejected: [:], isDegraded: true)
  }

  private func seconds(of frame: borrowing Frame) -> Double {
    let seconds = frame.timestamp.map { Double($0) * file.secondsPerTick - file.startSeconds } ?? 0
    return seconds.isFinite ? max(0, seconds) : 0
  }
}
