internal import CLibAV

/// Picks the picture: the first keyframe, beginning near 10 % of the duration, that is neither black, white nor flat.
struct FrameChoice {
  let file: MediaFile
  let decoder: KeyframeDecoder
  let progress: () throws -> Void

  struct Result: ~Copyable {
    let frame: Frame
    let seconds: Double
    let candidates: Int
    let rejected: [Rejection: Int]
    let isDegraded: Bool
  }

  /// Shares of the duration at which to look, in order.
  static let positions = [0.10, 1.0 / 3, 0.5, 2.0 / 3, 0.2, 0.8, 0.05, 0.9]

  /// - Parameter requested: an exact second, which is taken as it is.
  func choose(requested: Double?) throws -> Result {
    if let requested { return try exact(requested) }
    var rejected: [Rejection: Int] = [:]
    var candidates = 0
    var best: Candidate?
    var bestVariance = -1.0
    var seen: Set<Int64> = []
    for target in targets {
      guard let frame = try decoder.picture(at: target) else { continue }
      try progress()
      if let time = frame.timestamp, !seen.insert(time).inserted { continue }
      candidates += 1
      let statistics = try measure(frame)
      let seconds = self.seconds(of: frame)
      guard let reason = statistics.rejection else {
        return Result(frame: frame, seconds: seconds, candidates: candidates, rejected: rejected, isDegraded: false)
      }
      rejected[reason, default: 0] += 1
      if statistics.variance > bestVariance {
        bestVariance = statistics.variance
        best = Candidate(frame: frame, seconds: seconds)
      }
    }
    // A video that really is black gets its black thumbnail, marked.
    if let best = best.take() {
      return Result(
        frame: best.frame, seconds: best.seconds, candidates: candidates, rejected: rejected, isDegraded: true)
    }
    return try firstDecodable()
  }

  private struct Candidate: ~Copyable {
    let frame: Frame
    let seconds: Double
  }

  private var targets: [Double?] {
    guard let duration = file.durationSeconds, !file.isAttachedPicture else { return [nil] }
    return Self.positions.map { $0 * duration }
  }

  private func exact(_ requested: Double) throws -> Result {
    let latest = file.durationSeconds ?? requested
    guard let frame = try decoder.picture(at: min(max(requested, 0), latest)) else { return try firstDecodable() }
    let seconds = seconds(of: frame)
    return Result(frame: frame, seconds: seconds, candidates: 1, rejected: [:], isDegraded: false)
  }

  private func firstDecodable() throws -> Result {
    guard let frame = try decoder.picture(at: file.isAttachedPicture ? nil : 0) ?? decoder.picture(at: nil) else {
      throw MediaError(.undecodable, "no picture of the video can be decoded")
    }
    let seconds = seconds(of: frame)
    return Result(frame: frame, seconds: seconds, candidates: 1, rejected: [:], isDegraded: true)
  }

  private func seconds(of frame: borrowing Frame) -> Double {
    frame.timestamp.map { max(0, Double($0) * file.secondsPerTick - file.startSeconds) } ?? 0
  }

  private func measure(_ frame: borrowing Frame) throws(MediaError) -> LumaStatistics {
    let side = LumaStatistics.side
    let scale = frame.width >= frame.height ? "scale=\(side):-2" : "scale=-2:\(side)"
    let small = try FilterGraph.run(frame, chain: "\(scale):flags=area:out_range=full,format=gray")
    return LumaStatistics(gray: small)
  }
}
