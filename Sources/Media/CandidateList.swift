internal import Decoding
internal import Failures

/// Finds the best moments of a video for a person to choose from: as many as are asked for, and no two that look alike unless there are
/// too few others.
struct CandidateList {
  let file: MediaFile
  let decoder: KeyframeDecoder
  let tiles: TileRenderer
  let progress: () throws -> Void

  /// How many moments are examined for each one asked for, and at least.
  private static let choice = 2
  private static let leastLookedAt = 8
  /// Two pictures look alike if half the sum of the differences of their histograms is below this.
  private static let alike = 0.15
  /// Times are rounded up to a thousandth of a second, so that asking for one gives this very picture.
  private static let precision = 1000.0

  private struct Candidate {
    let moment: Moments.Moment
    let picture: EncodedPicture
    let score: Double
    let isGood: Bool
    let histogram: [Double]

    /// Higher scores come first, then earlier ones.
    func isBetter(than other: Candidate) -> Bool {
      (score, other.moment.seconds) > (other.score, moment.seconds)
    }
  }

  /// - Throws: `MediaError` if no picture can be decoded.
  func best(_ count: Int) throws -> Moments {
    let wanted = max(Self.leastLookedAt, Self.choice * count)
    var found: [Candidate] = []
    if file.isCover {
      if let frame = try decoder.attachedPicture() { try add(frame, &found) }
    } else {
      do {
        try lookAtKeyframes(wanted, &found)
        if found.count < count { try lookForward(wanted, &found) }
      } catch let error as any ClassifiedError where error.isLimit && !found.isEmpty {
        // No more may be read: these are the candidates.
      }
    }
    if !found.contains(where: \.isGood), try file.isScrambledDVD() { throw MediaFile.encrypted }
    let chosen = Self.chosen(found, count)
    guard let first = chosen.first else { throw MediaError.undecodable }
    return Moments(
      moments: chosen.map(\.moment), pictures: chosen.map(\.picture), width: first.picture.width, height: first.picture.height,
      durationSeconds: file.durationSeconds)
  }

  private func lookAtKeyframes(_ wanted: Int, _ found: inout [Candidate]) throws {
    guard let duration = file.durationSeconds, duration > 0 else { return }
    let places = (0..<wanted).map { file.ticks((Double($0) + 0.5) / Double(wanted) * duration) }
    for place in KeyframeIndex(file).ordered(places, duration: duration / file.secondsPerTick) where decoder.mayReadOn {
      guard let frame = try decoder.picture(atTick: place) else { continue }
      try add(frame, &found)
    }
  }

  /// For files with few keyframes, or in which seeking fails: examines pictures at growing distances from the beginning on.
  private func lookForward(_ wanted: Int, _ found: inout [Candidate]) throws {
    try decoder.rewind()
    var (index, next) = (0, 0)
    while index < file.mostFrames, found.count < wanted, decoder.mayReadOn, let frame = try decoder.nextPicture() {
      if index >= next {
        next = index + max(2, index / 2)
        try add(frame, &found)
      }
      index += 1
    }
  }

  private func add(_ frame: borrowing Frame, _ found: inout [Candidate]) throws {
    try progress()
    let seconds = (file.seconds(of: frame) * Self.precision).rounded(.up) / Self.precision
    guard Moments.seconds.contains(seconds), !found.contains(where: { $0.moment.seconds == seconds }) else { return }
    if let candidate = try candidate(frame, at: seconds) { found.append(candidate) }
  }

  /// - Returns: nil if the picture cannot be converted; others may be.
  private func candidate(_ frame: borrowing Frame, at seconds: Double) throws(MediaError) -> Candidate? {
    do throws(MediaError) {
      let presentation = Presentation(of: frame, in: file)
      let background = try PictureStatistics.background(of: frame, presentation: presentation)
      let statistics = try PictureStatistics(
        of: frame, presentation: presentation, background: background, shape: tiles.aspectRatio)
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

  /// Best first. One that looks like a better one is used only if there are too few, and one that a gate rejects only if there is no other.
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
