internal import CLibAV
internal import Deadlines
internal import Decoding
internal import Failures

/// Picks the picture: looks at keyframes spread over the video, turns down those no gate lets through, ranks the rest, and
/// stops as soon as one is clearly good. Where none is good, it looks between the keyframes and further on.
struct FrameChoice {
  let file: MediaFile
  let decoder: KeyframeDecoder
  let deadline: Deadline
  let progress: () throws -> Void

  /// Shares of the duration at which to look, in order: the body of the video first, the ends last.
  static let positions = [1.0 / 3, 0.5, 2.0 / 3, 0.2, 0.8, 0.1, 0.9, 0.05]
  /// Where to look besides, where all those were black or white, or a file's bytes are all there is to go by.
  private static let morePositions = [0.95, 0.98, 0.7, 0.4, 0.6]
  /// Pictures decoded from one keyframe on, where keyframes themselves are no good.
  private static let picturesBetween = 80
  /// Keyframes looked at for their size, where those spread over the video are black or white.
  private static let largeKeyframes = 4
  /// Pictures that are passed over between two looks, at most.
  private static let longestStep = 50
  /// Keyframes looked at, further and further apart, where neither times nor places lead anywhere.
  private static let keyframesInARow = 40

  /// - Parameter requested: an exact second, which is taken as it is.
  func choose(requested: Double?) throws -> ChosenFrame {
    if let requested { return try exact(requested) }
    var ranking = CandidateRanking(file)
    do {
      try look(&ranking)
      if ranking.candidates == 0, let damaged = try chooseDamaged() { return damaged }
    } catch let error as any ClassifiedError where error.failureClass == .source && ranking.hasGood && !deadline.hasPassed {
      // The origin gave out while better ones were looked for: a good one is in hand.
    }
    return try ranking.takeBest() ?? fallback()
  }

  /// Picks among the pictures from where the file stands, whatever is said of them; nil where none can be decoded.
  func chooseOnward() throws -> ChosenFrame? {
    decoder.acceptsDamage = true
    var ranking = CandidateRanking(file)
    _ = try lookOn(&ranking, atMost: file.mostFrames)
    guard var chosen = ranking.takeBest() else { return nil }
    chosen.isDegraded = true
    return chosen
  }

  /// Picks among the sound pictures from where the file stands to the first encrypted one; nil where there is none.
  func chooseInClear() throws -> ChosenFrame? {
    decoder.staysInClear = true
    var ranking = CandidateRanking(file)
    _ = try lookOn(&ranking, atMost: file.mostFrames)
    return ranking.takeBest()
  }

  /// Where nothing is sound: the best of damaged keyframes; nil where none is good.
  private func chooseDamaged() throws -> ChosenFrame? {
    guard decoder.hasMetDamage, try !file.isScrambled() else { return nil }
    decoder.acceptsDamage = true
    defer { decoder.acceptsDamage = false }
    var ranking = CandidateRanking(file)
    for place in places {
      guard let frame = try decoder.picture(atTick: place) else { continue }
      try progress()
      if try ranking.add(frame) { break }
    }
    guard ranking.hasGood, var chosen = ranking.takeBest() else { return nil }
    chosen.isDegraded = true
    return chosen
  }

  private func look(_ ranking: inout CandidateRanking) throws {
    if file.isCover {
      if let frame = try decoder.attachedPicture() { _ = try ranking.add(frame) }
      return
    }
    let places = self.places
    for place in places {
      guard let frame = try decoder.picture(atTick: place) else { continue }
      try progress()
      if try ranking.add(frame) { return }
    }
    let seeksLead = ranking.candidates >= 3
    if ranking.hasGood { return }
    if ranking.isBlank {
      for place in KeyframeIndex(file).largest(Self.largeKeyframes) + Self.morePositions.compactMap(place) {
        guard let frame = try decoder.picture(atTick: place) else { continue }
        try progress()
        if try ranking.add(frame) { return }
      }
      if ranking.hasGood { return }
    }
    if seeksLead {
      // What is flat or blurred at each keyframe is so in between as a rule.
      try lookBetween(ranking.isBlank ? places : Array(places.prefix(1)), &ranking)
      if ranking.hasGood || !ranking.isBlank { return }
    }
    try lookForward(&ranking, atMost: min(file.limits.maximumFrames, file.mostFrames))
    if ranking.hasGood || seeksLead { return }
    try lookFurther(&ranking)
    if ranking.hasGood || file.mostFrames <= file.limits.maximumFrames { return }
    try lookForward(&ranking, atMost: file.mostFrames)
  }

  /// Whether the search may go on.
  private var mayReadOn: Bool { decoder.packetBytes < file.limits.searchBytes }

  /// A share of the duration, in ticks; nil where the duration is not known.
  private func place(_ position: Double) -> Int64? { file.durationSeconds.map { file.ticks(position * $0) } }

  /// Where to look, in ticks; none where the duration is not known.
  private var places: [Int64] {
    guard let duration = file.durationSeconds, duration > 0 else { return [] }
    return KeyframeIndex(file).ordered(
      Self.positions.map { file.ticks($0 * duration) }, duration: duration / file.secondsPerTick)
  }

  /// Where keyframes are no good (black ones at each cut, say): decodes on from each of them and looks at what follows.
  private func lookBetween(_ places: [Int64], _ ranking: inout CandidateRanking) throws {
    var left = file.mostFrames
    for place in places where left > 0 && mayReadOn {
      guard try decoder.seek(toTick: place) else { continue }
      left -= try lookOn(&ranking, atMost: min(left, Self.picturesBetween))
      if ranking.hasGood { return }
    }
  }

  /// Where seeking leads nowhere (raw streams, animations, no index, no duration, one keyframe): decodes on from the
  /// beginning and looks at frames further and further apart.
  private func lookForward(_ ranking: inout CandidateRanking, atMost limit: Int) throws {
    decoder.rewind()
    _ = try lookOn(&ranking, atMost: limit)
  }

  /// - Returns: how many pictures were decoded.
  private func lookOn(_ ranking: inout CandidateRanking, atMost limit: Int) throws -> Int {
    var index = 0
    var next = 0
    while index < limit, mayReadOn, let frame = try decoder.nextPicture() {
      defer { index += 1 }
      guard index >= next else { continue }
      next = index + min(max(2, index / 2), Self.longestStep)
      try progress()
      if try ranking.add(frame) { return index }
    }
    return index
  }

  /// Where time is not known and the beginning is no good: leaps by bytes, then reads on from keyframe to keyframe.
  private func lookFurther(_ ranking: inout CandidateRanking) throws {
    if let size = file.reader.source.size {
      for position in Self.positions + Self.morePositions where mayReadOn {
        guard let frame = try decoder.picture(atByte: Int64(position * Double(size))) else { continue }
        try progress()
        if try ranking.add(frame, isElsewhere: file.canSeekByByte) { return }
      }
      if ranking.hasGood { return }
    }
    decoder.rewind()
    for number in 0..<Self.keyframesInARow where mayReadOn {
      guard let frame = try decoder.nextKeyframe(skipping: number) else { return }
      try progress()
      if try ranking.add(frame) { return }
    }
  }

  private func exact(_ requested: Double) throws -> ChosenFrame {
    let moment = min(max(requested, 0), file.durationSeconds ?? requested)
    if let frame = try decoder.picture(atOrBefore: moment) { return try chosen(frame, isDegraded: false) }
    decoder.acceptsDamage = true
    guard let frame = try decoder.picture(atOrBefore: moment) else { return try fallback() }
    return try chosen(frame, isDegraded: true)
  }

  /// The last steps of the ladder: anything that can be decoded at all, damaged or not.
  private func fallback() throws -> ChosenFrame {
    if try file.isScrambled() { throw MediaError(.encrypted, "the video is encrypted") }
    decoder.rewind()
    guard let chosen = try chooseOnward() else {
      throw try file.emptiness()
    }
    return chosen
  }

  private func chosen(_ frame: consuming Frame, isDegraded: Bool) throws -> ChosenFrame {
    let presentation = Presentation(of: frame, in: file)
    let ground = try PictureStatistics.ground(of: frame, presentation: presentation)
    let seconds = file.seconds(of: frame)
    let source = (frame.width, frame.height)
    return ChosenFrame(
      frame: frame, source: source, presentation: presentation, ground: ground, seconds: seconds, score: nil,
      candidates: 1, rejected: [:], isDegraded: isDegraded)
  }
}
