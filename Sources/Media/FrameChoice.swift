internal import Deadlines
internal import Decoding
internal import Failures

/// Chooses the picture: examines keyframes spread over the video, rejects those that fail a gate, ranks the rest, and stops as soon as one
/// is clearly good. If none is good, it looks between the keyframes and further on.
struct FrameChoice {
  let file: MediaFile
  let shape: AspectRatio?
  let decoder: KeyframeDecoder
  let deadline: Deadline
  let progress: () throws -> Void

  /// Where to look, as shares of the duration, in this order: the middle part of the video first, the ends last.
  static let positions = [1.0 / 3, 0.5, 2.0 / 3, 0.2, 0.8, 0.1, 0.9, 0.05]
  /// Further places, used if none of those is good, or if places can only be found by byte.
  private static let morePositions = [0.95, 0.98, 0.7, 0.4, 0.6]
  /// How many pictures to decode from one keyframe on if the keyframes themselves are no good.
  private static let picturesBetween = 80
  /// A picture that takes fewer bytes for its pixels hardly differs from the one before.
  private static let pixelsPerByte = 512
  /// The shortest step from one of them to the next if one of the keyframes is good: what comes at once is the same.
  private static let stepOn = 8
  /// How many of the largest keyframes to examine if none of those spread over the video is good.
  private static let largeKeyframes = 4
  /// The longest step, in pictures, from one that is examined to the next.
  private static let longestStep = 50
  /// How many keyframes to examine, at growing distances, if neither times nor bytes lead anywhere.
  private static let keyframesInARow = 40

  /// After so many places without a picture, and none with one, it is asked whether the video is encrypted.
  private static let fewFailures = 3

  /// A picture that is so much earlier than the second asked for, in seconds, still counts as that second's.
  private static let nearSeconds = 1.0

  /// - Parameter requested: an exact second, whose picture is taken whatever it shows. A cover is that of every second.
  func choose(requested: Double?) throws -> ChosenFrame {
    if let requested, !file.isCover { return try exact(requested) }
    var ranking = CandidateRanking(file, shape: shape)
    decoder.avoidsGaps = true
    do {
      try look(&ranking)
      if !ranking.hasGood, let risky = try chooseBehindGaps() { return risky }
      if ranking.isEmpty, ranking.candidates == 0 || decoder.mayReadOn, let damaged = try chooseDamaged() { return damaged }
    } catch let error as any ClassifiedError
      where error.failureClass.isOrigins && (ranking.hasGood || error.isLimit && ranking.candidates > 0) && !deadline.hasPassed
    {
      // The origin failed during the search for a better picture: the good one so far is used. If no more may be read, the best one is.
    }
    if !ranking.hasGood, try file.isScrambledDVD() { throw MediaFile.encrypted }
    return try ranking.takeBest() ?? fallback()
  }

  func look(_ ranking: inout CandidateRanking) throws {
    if file.isCover {
      if let frame = try decoder.attachedPicture() { _ = try ranking.add(frame) }
      return
    }
    let places = self.places
    if try examine(places, &ranking) { return }
    let seeksLead = ranking.candidates >= 3
    if !ranking.hasGood {
      let further = KeyframeIndex(file).largest(Self.largeKeyframes) + Self.morePositions.compactMap(place)
      if try examine(further, &ranking) { return }
    }
    if ranking.hasGood && (ranking.isSeen || seeksLead) { return try lookOn(&ranking, from: places.first) }
    if seeksLead {
      // If seeking works and each keyframe is flat or blurred, the pictures after the first one decide whether the rest is, too.
      try lookBetween(ranking.isBlank ? places : Array(places.prefix(1)), &ranking)
      if ranking.hasGood || !ranking.isBlank { return }
    }
    try lookForward(&ranking, atMost: min(file.limits.maximumFrames, file.mostFrames))
    if ranking.hasGood || seeksLead { return }
    try lookFurther(&ranking)
    if ranking.hasGood || file.mostFrames <= file.limits.maximumFrames { return }
    try lookForward(&ranking, atMost: file.mostFrames)
  }

  /// Examines the picture at each place.
  ///
  /// - Parameter places: ticks.
  /// - Returns: whether the search may end.
  func examine(_ places: [Int64], _ ranking: inout CandidateRanking) throws -> Bool {
    var failures = 0
    for place in places where decoder.mayReadOn || (ranking.candidates == 0 && decoder.packetBytes > 0) {
      guard let frame = try decoder.picture(atTick: place) else {
        failures += 1
        // Others would fail alike, each after many bytes.
        if failures == Self.fewFailures, ranking.candidates == 0, try file.isScrambled() { throw MediaFile.encrypted }
        continue
      }
      try progress()
      if try ranking.add(frame) { return true }
    }
    return false
  }

  /// A share of the duration in ticks; nil if the duration is not known.
  private func place(_ position: Double) -> Int64? { file.durationSeconds.map { file.ticks(position * $0) } }

  /// The places to look at, in ticks; empty if the duration is not known.
  var places: [Int64] {
    guard let duration = file.durationSeconds, duration > 0 else { return [] }
    return KeyframeIndex(file).ordered(
      Self.positions.map { file.ticks($0 * duration) }, duration: duration / file.secondsPerTick)
  }

  /// For videos whose keyframes are no good, such as black ones at each cut: decodes on from keyframes and examines what follows, as far as
  /// the limit allows if all is black.
  private func lookBetween(_ places: [Int64], _ ranking: inout CandidateRanking) throws {
    var left = file.mostFrames
    let share = ranking.isBlank ? max(Self.picturesBetween, left / max(places.count, 1)) : Self.picturesBetween
    for place in places where left > 0 && decoder.mayReadOn {
      guard try decoder.seek(toTick: place) else { continue }
      left -= try examineNext(&ranking, atMost: min(left, share))
      if ranking.hasGood { return }
    }
  }

  /// For videos with few good keyframes, none of them clearly good, such as the only one of a short video, or one within a
  /// fade between others that are black: decodes on from the first place and, if nothing better comes, from the best one.
  private func lookOn(_ ranking: inout CandidateRanking, from place: Int64?) throws {
    guard ranking.isScarce, let place, let best = ranking.secondsOfBest else { return }
    let isOnly = ranking.candidates == 1
    for tick in isOnly ? [place] : [place, file.ticks(best)] {
      guard decoder.mayReadOn, try decoder.seek(toTick: tick) else { continue }
      _ = try examineNext(&ranking, atMost: Self.picturesBetween, leastStep: Self.stepOn)
      if ranking.isEnough || ranking.secondsOfBest != best { return }
    }
  }

  /// For files in which seeking fails (raw streams, animations, no index, no duration, one keyframe): decodes on from the beginning and
  /// examines pictures at growing distances.
  private func lookForward(_ ranking: inout CandidateRanking, atMost limit: Int) throws {
    try decoder.rewind()
    _ = try examineNext(&ranking, atMost: limit)
  }

  /// - Returns: how many pictures were decoded, of which those that hardly differ from the one before cost a quarter.
  func examineNext(_ ranking: inout CandidateRanking, atMost limit: Int, leastStep: Int = 1) throws -> Int {
    var (index, next, quarters) = (0, 0, 0)
    var last: Frame?
    while quarters < 4 * limit, decoder.mayReadOn {
      let before = decoder.packetBytes
      guard let frame = try decoder.nextPicture() else { break }
      quarters += (decoder.packetBytes - before) * Self.pixelsPerByte < frame.width * frame.height ? 1 : 4
      defer { index += 1 }
      guard index >= next else {
        last = consume frame
        continue
      }
      last = nil
      // The second picture may be the last, as in an animation of two.
      next = index + min(max(index < 2 ? 1 : 2, leastStep, index / 2), Self.longestStep)
      try progress()
      if try ranking.add(frame, isOnward: true) { return quarters / 4 }
    }
    // What is to be seen may come between the last step and the end.
    if !ranking.hasGood, let frame = last.take() { _ = try ranking.add(frame) }
    return quarters / 4
  }

  /// For files without known times whose beginning is no good: jumps by bytes, then reads on from keyframe to keyframe.
  private func lookFurther(_ ranking: inout CandidateRanking) throws {
    if let size = file.reader.source.size {
      for position in Self.positions + Self.morePositions where decoder.mayReadOn {
        guard let frame = try decoder.picture(atByte: Int64(position * Double(size))) else { continue }
        try progress()
        if try ranking.add(frame, isElsewhere: file.canSeekByByte) { return }
      }
      if ranking.hasGood { return }
    }
    try decoder.rewind()
    for number in 0..<Self.keyframesInARow where decoder.mayReadOn {
      guard let frame = try decoder.nextKeyframe(skipping: number) else { return }
      try progress()
      if try ranking.add(frame) { return }
    }
  }

  private func exact(_ requested: Double) throws -> ChosenFrame {
    let moment = min(max(requested, 0), file.durationSeconds ?? requested)
    var soundSeconds = -1.0
    if let frame = try decoder.picture(atOrBefore: moment) {
      if try file.isScrambledDVD() { throw MediaFile.encrypted }
      soundSeconds = file.seconds(of: frame)
      let isNear = moment - soundSeconds < Self.nearSeconds
      // If damage keeps the sound picture far from the moment, a damaged one nearer to it is what was asked for.
      if !decoder.hasMetDamage || isNear || decoder.isCutShort {
        return try chosen(frame, isDegraded: decoder.isCutShort && !isNear)
      }
    }
    if decoder.packetBytes == 0 { return try fallback() }
    decoder.acceptsDamage = true
    guard let frame = try decoder.picture(atOrBefore: moment) else { return try fallback() }
    let isDegraded = file.seconds(of: frame) > soundSeconds
    return try chosen(frame, isDegraded: isDegraded)
  }

  /// The last resort: any picture that can be decoded, damaged or not.
  private func fallback() throws -> ChosenFrame {
    if try file.isScrambled() { throw MediaFile.encrypted }
    try decoder.rewind()
    guard let chosen = try chooseOnward() else {
      throw decoder.isOutOfTime ? .tooSlow : try file.emptiness()
    }
    return chosen
  }

  private func chosen(_ frame: consuming Frame, isDegraded: Bool) throws -> ChosenFrame {
    let presentation = Presentation(of: frame, in: file)
    let background = try PictureStatistics.background(of: frame, presentation: presentation)
    let seconds = file.seconds(of: frame)
    let source = (frame.width, frame.height)
    return ChosenFrame(
      frame: frame, source: source, presentation: presentation, background: background, seconds: seconds, score: nil,
      candidates: 1, rejected: [:], isDegraded: isDegraded)
  }
}
