internal import Decoding

/// Finds the best moments of a video for a person to choose from: as many as are asked for, and no two alike where there are others.
struct CandidateList {
  let file: MediaFile
  let decoder: KeyframeDecoder
  let tiles: TileRenderer
  let progress: () throws -> Void

  /// Moments that are looked at for one that is asked for, and at least.
  private static let choice = 2
  private static let leastLookedAt = 8
  /// Half the sum of the differences of two histograms below which two pictures are alike.
  private static let alike = 0.15
  /// What is told is rounded up to a thousandth of a second: asked for again, it is this very picture.
  private static let precision = 1000.0

  private struct Candidate {
    let moment: Moments.Moment
    let picture: EncodedPicture
    let score: Double
    let isGood: Bool
    let histogram: [Double]

    /// Good ones first, then by score, the earlier one first where that is the same.
    func isBetter(than other: Candidate) -> Bool {
      if isGood != other.isGood { return isGood }
      return (score, other.moment.seconds) > (other.score, moment.seconds)
    }
  }

  /// - Throws: `MediaError` where no picture can be decoded.
  func best(_ count: Int) throws -> Moments {
    let wanted = max(Self.leastLookedAt, Self.choice * count)
    var found: [Candidate] = []
    if file.isCover {
      if let frame = try decoder.attachedPicture() { try add(frame, &found) }
    } else {
      try lookAtKeyframes(wanted, &found)
      if found.count < count { try lookForward(wanted, &found) }
    }
    let chosen = Self.chosen(found, count)
    guard let first = chosen.first else { throw MediaError(.undecodable, "no picture of the video can be decoded") }
    return Moments(
      moments: chosen.map(\.moment), pictures: chosen.map(\.picture), width: first.picture.width, height: first.picture.height,
      durationSeconds: file.durationSeconds)
  }

  private func lookAtKeyframes(_ wanted: Int, _ found: inout [Candidate]) throws {
    guard let duration = file.durationSeconds, duration > 0 else { return }
    let places = (0..<wanted).map { file.ticks((Double($0) + 0.5) / Double(wanted) * duration) }
    for place in KeyframeIndex(file).ordered(places, duration: duration / file.secondsPerTick) where mayReadOn {
      guard let frame = try decoder.picture(atTick: place) else { continue }
      try add(frame, &found)
    }
  }

  /// Where keyframes are few, or seeking leads nowhere: pictures further and further apart.
  private func lookForward(_ wanted: Int, _ found: inout [Candidate]) throws {
    decoder.rewind()
    var (index, next) = (0, 0)
    while index < file.mostFrames, found.count < wanted, mayReadOn, let frame = try decoder.nextPicture() {
      if index >= next {
        next = index + max(2, index / 2)
        try add(frame, &found)
      }
      index += 1
    }
  }

  private var mayReadOn: Bool { decoder.packetBytes < file.limits.searchBytes }

  private func add(_ frame: borrowing Frame, _ found: inout [Candidate]) throws {
    try progress()
    let seconds = (file.seconds(of: frame) * Self.precision).rounded(.up) / Self.precision
    guard Moments.seconds.contains(seconds), !found.contains(where: { $0.moment.seconds == seconds }) else { return }
    if let candidate = try candidate(frame, at: seconds) { found.append(candidate) }
  }

  /// - Returns: nil for one that cannot be converted: there may be others.
  private func candidate(_ frame: borrowing Frame, at seconds: Double) throws(MediaError) -> Candidate? {
    do throws(MediaError) {
      let presentation = Presentation(of: frame, in: file)
      let ground = try PictureStatistics.ground(of: frame, presentation: presentation)
      let statistics = try PictureStatistics(of: frame, presentation: presentation, ground: ground)
      guard let tile = try tiles.render(frame) else { return nil }
      let score = PictureScore.value(of: statistics)
      return Candidate(
        moment: Moments.Moment(seconds: seconds, score: max(0, score)),
        picture: try tiles.encoder.encode(tile, as: tiles.format), score: score, isGood: statistics.rejection == nil,
        histogram: statistics.histogram)
    } catch {
      guard error.kind == .undecodable else { throw error }
      return nil
    }
  }

  /// Best first; what looks like a better one only where there are too few, what no gate lets through only where there is nothing else.
  private static func chosen(_ found: [Candidate], _ count: Int) -> [Candidate] {
    let ordered = found.sorted { $0.isBetter(than: $1) }
    var (chosen, others): ([Candidate], [Candidate]) = ([], [])
    for candidate in ordered {
      let isNew = !chosen.contains { PictureScore.distance($0.histogram, candidate.histogram) < alike }
      if isNew && candidate.isGood { chosen.append(candidate) } else { others.append(candidate) }
    }
    return Array((chosen + others.filter { $0.isGood || chosen.isEmpty }).prefix(count))
  }
}
