internal import CLibAV
internal import Failures

/// How a place in a file is found: by time, by byte, or from the beginning.
extension KeyframeDecoder {
  /// The first sound picture from the keyframe at or before a time. If a seek fails, the one from near the estimated byte of that time. Nil
  /// if no picture can be decoded.
  ///
  /// - Parameter ticks: in units of the track's time base.
  func picture(atTick ticks: Int64) throws -> Frame? {
    if isStuck { return nil }
    if try seek(toTick: ticks) {
      guard let frame = try keyframe(near: ticks) else {
        if run.isBarren { noteFound(nil) }
        return nil
      }
      if file.canSeekByByte { found.places = 0 }
      if file.seeksByReading, let time = frame.timestamp { noteFound(time) }
      return frame
    }
    guard isLost, !isStranded, let offset = file.estimatedByte(ofTick: ticks) else { return nil }
    let frame = try picture(atByte: offset)
    isStranded = frame == nil
    return frame
  }

  /// Whether the last places all led to one picture, or to none, for which the rest of the file was read each time: there is hardly another
  /// keyframe.
  private var isStuck: Bool { found.places >= Self.fewPlaces }
  private static let fewPlaces = 3

  private func noteFound(_ time: Int64?) { found = (time, found.time == time ? found.places + 1 : 1) }

  /// The first sound picture from the first keyframe after a place in the file; nil if none can be decoded.
  func picture(atByte offset: Int64) throws -> Frame? { try reading(fromByte: offset) { try $0.keyframe() } }

  /// Runs `look` on this decoder or, if this demuxer cannot go to a byte, on the decoder of the file opened again from there.
  private func reading(fromByte offset: Int64, _ look: (KeyframeDecoder) throws -> Frame?) throws -> Frame? {
    if let place = try file.place(atByte: offset) {
      restart()
      if unsafe av_seek_frame(file.format, -1, place, AVSEEK_FLAG_BYTE) >= 0 { return try look(self) }
      try file.reader.rethrow()
      return nil
    }
    guard let further = try file.leap(toByte: offset) else { return nil }
    let other = try KeyframeDecoder(further, deadline: deadline)
    defer {
      packetBytes += other.packetBytes
      bytesElsewhere += further.reader.bytesRead
    }
    guard let frame = try look(other) else { return nil }
    frame.postpone(by: file.ticks(-further.start))
    file.lookAtSideData(of: frame)
    return frame
  }

  /// Seeks to the keyframe at or before a time, from which ``nextPicture()`` continues.
  ///
  /// - Returns: whether there is one. Without an index, libavformat searches by reading on from a keyframe that it knows, possibly through
  ///   a long file; it may read at most `farthest`. In MPEG-TS and PS it halves the file again and again, and reads all of it if nothing of
  ///   the track comes.
  func seek(toTick ticks: Int64) throws -> Bool {
    if isLost { return false }
    restart()
    let (isFound, wasEnough) = seekBack(to: ticks)
    try file.reader.rethrow()
    isLost = !wasEnough || (!isFound && file.head.index?.hasBareFragments == true)
    return isFound && wasEnough
  }

  private func seekBack(to ticks: Int64) -> (result: Bool, wasEnough: Bool) {
    let how = AVSEEK_FLAG_BACKWARD | (file.isIntraOnlyAVI ? AVSEEK_FLAG_ANY : 0)
    return file.reader.whileReading(atMost: file.hasGenericSeek ? Self.farthest : file.canSeekByByte ? 2 * Self.farthest : .max)
    {
      unsafe av_seek_frame(file.format, Int32(file.streamIndex), ticks, how) >= 0
    }
  }

  /// The times that are told, and may be asked for, are rounded to milliseconds.
  private static let halfMillisecond = 0.0005

  /// The last picture shown at `seconds`, decoded from the keyframe before it. If no picture comes before it, the first one. If the time of
  /// the search ends on the way, or no more may be read, the last one so far.
  func picture(atOrBefore seconds: Double) throws -> Frame? {
    // In streams without an index (MPEG-TS and PS), a search for a time may find a keyframe after it. Then the search starts further back.
    for step in [0, 2, 10, 60] where seconds >= Double(step) {
      guard try seek(toTick: file.ticks(seconds - Double(step))) else { break }
      if let frame = try decodeOn(until: seconds, acceptsLater: false) { return frame }
    }
    for step in [2.0, 10, 60] where isLost {
      guard let offset = file.estimatedByte(ofTick: file.ticks(seconds - step)) else { break }
      let frame = try reading(fromByte: offset) { try $0.decodeOn(until: seconds, acceptsLater: false) }
      if let frame { return frame }
    }
    try rewind()
    return try decodeOn(until: seconds, acceptsLater: true)
  }

  private func decodeOn(until seconds: Double, acceptsLater: Bool) throws -> Frame? {
    let target = file.ticks(seconds + Self.halfMillisecond)
    var last: Frame?
    do {
      while !isOutOfTime, let frame = try nextPicture() {
        // Then pictures are counted from the beginning.
        if frame.timestamp == nil && !acceptsLater { return nil }
        if let time = frame.timestamp, time > target {
          if last == nil && acceptsLater { last = consume frame }
          break
        }
        last = consume frame
      }
    } catch let error as any ClassifiedError where error.isLimit && last != nil {
      isUsedUp = true
    }
    return last
  }

  /// Goes back to the beginning. In streams without an index (MPEG-TS and PS, bare ones) that is by byte: a search for the time would miss
  /// the first keyframe.
  func rewind() throws {
    restart(at: file.ticks(0))
    if file.hasNoWayBack { return try file.reopen() }
    // If the header does not tell a start, `start_time` is the time of the first packet that was read, wherever that was.
    let start = unsafe file.stream.pointee.start_time
    let first = start == cav_no_pts() ? 0 : min(start, 0)
    let targets = [first, max(start, 0)]
    if !file.canSeekByByte, targets.contains(where: { seekBack(to: $0).result }) { return }
    if unsafe av_seek_frame(file.format, Int32(file.streamIndex), 0, AVSEEK_FLAG_BYTE) >= 0 { return }
    if file.canSeekByByte { _ = targets.contains { seekBack(to: $0).result } }
  }
}
