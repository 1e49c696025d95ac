internal import Decoding
internal import Failures

/// Makes the sheets of small pictures that a player shows above its timeline, from keyframes if there are enough of them.
struct Storyboard {
  let file: MediaFile
  let decoder: KeyframeDecoder
  let tiles: TileRenderer
  let progress: () throws -> Void

  /// How many pictures a sheet has in each direction.
  private static let side = 5
  /// The shortest interval between two pictures, in seconds.
  private static let shortestInterval = 1.0
  /// If keyframes give less than this share of the pictures, and the video has few frames, all of them are decoded.
  private static let enough = 0.5
  /// The share of the bytes that the first pictures may take beyond theirs: keyframes differ in size.
  private static let head = 0.125

  /// - Throws: `MediaError` if the duration is not known or no picture can be decoded.
  func make(atMost most: Int, of track: VideoTrack) throws -> Moments {
    guard !file.isCover, let duration = file.durationSeconds, duration > 0 else {
      throw MediaError(.undecodable, "a video whose duration is not known gets no storyboard")
    }
    let count = max(1, Int(min(Double(most), duration / Self.shortestInterval)))
    let places = (0..<count).map { (Double($0) + 0.5) / Double(count) * duration }
    var board = Board()
    let needed = Int(Self.enough * Double(count))
    do {
      if track.frames > 0, track.frames <= file.mostFrames, KeyframeIndex(file).count < needed {
        try decodeAll(places, into: &board)
      } else {
        try takeKeyframes(places, into: &board)
      }
    } catch let error as any ClassifiedError where error.isLimit && !board.moments.isEmpty {
      // No more may be read: the board ends here.
    }
    guard let geometry = tiles.geometry, !board.moments.isEmpty else { throw MediaError.undecodable }
    let columns = min(Self.side, board.moments.count)
    let rows = min(Self.side, (board.moments.count + columns - 1) / columns)
    var sheets: [EncodedPicture] = []
    for start in stride(from: 0, to: board.tiles.count, by: columns * rows) {
      let part = board.tiles[start..<min(start + columns * rows, board.tiles.count)]
      let sheet = try TileSheet.frame(part, width: geometry.width, height: geometry.height, columns: columns)
      sheets.append(try tiles.encoder.encode(sheet, as: tiles.format))
    }
    return Moments(
      moments: board.moments, pictures: sheets, width: geometry.width, height: geometry.height, columns: columns, rows: rows,
      durationSeconds: duration)
  }

  private struct Board {
    var moments: [Moments.Moment] = []
    var tiles: [TilePlanes] = []
  }

  private func takeKeyframes(_ places: [Double], into board: inout Board) throws {
    let index = KeyframeIndex(file)
    let began = ProcessorSeconds.now
    let pace = (file.limits.searchEnd - began) / Double(places.count)
    let slot = 2 * (places.first ?? 0)
    var taken: Set<Int64> = []
    for (number, place) in places.enumerated() where decoder.mayReadOn {
      // A video of which each picture takes long, or many bytes, gets fewer, over its whole length.
      let isLate = ProcessorSeconds.now - began > pace * Double(number)
      let bytes = Double(file.limits.searchBytes) * (Self.head + (1 - Self.head) * Double(number) / Double(places.count))
      if !board.moments.isEmpty && (isLate || Double(decoder.bytesRead) > bytes) { continue }
      let tick = file.ticks(place)
      let listed = index.last(before: tick)
      if let listed {
        guard taken.insert(listed.entry.tick).inserted else { continue }
        if (0..<ReadRequest.furthest).contains(listed.entry.place) {
          file.reader.source.expect(listed.entry.place..<listed.entry.place + Int64(listed.entry.bytes))
        }
      }
      guard let frame = try keyframe(of: place, listedFor: listed?.target, slot, after: board.moments.last) else { continue }
      try add(frame, to: &board)
    }
  }

  /// - Parameters:
  ///   - target: the tick at which a seek finds the keyframe from the index; nil if the index has none.
  ///   - slot: seconds from one place to the next.
  private func keyframe(of place: Double, listedFor target: Int64?, _ slot: Double, after last: Moments.Moment?) throws
    -> Frame?
  {
    guard target == nil, file.canSeekByByte else { return try decoder.picture(atTick: target ?? file.ticks(place)) }
    // In MPEG-TS and PS, a search for a time finds the next keyframe and not the last one before. So the picture comes from the place's own
    // slot, and the search starts a little earlier because of reordering.
    guard let last else {
      try decoder.rewind()
      return try decoder.nextKeyframe(skipping: 0)
    }
    guard last.seconds < place - slot / 2 else { return nil }
    return try decoder.picture(atTick: file.ticks(place - slot * 0.75))
  }

  private func decodeAll(_ places: [Double], into board: inout Board) throws {
    try decoder.rewind()
    var wanted = places[...]
    while let next = wanted.first, decoder.mayReadOn, let frame = try decoder.nextPicture() {
      let seconds = file.seconds(of: frame)
      guard seconds >= next || board.moments.isEmpty else { continue }
      // The first picture stands for the first place, even if it comes before.
      wanted = wanted.dropFirst().drop { $0 <= seconds }
      try add(frame, to: &board)
    }
  }

  /// Leaves out a picture that came before or cannot be converted: the one before it then covers its time, too.
  private func add(_ frame: borrowing Frame, to board: inout Board) throws {
    try progress()
    let seconds = file.seconds(of: frame)
    guard Moments.seconds.contains(seconds) else { return }
    if let last = board.moments.last, seconds <= last.seconds { return }
    guard let tile = try tile(of: frame) else { return }
    board.tiles.append(tile)
    board.moments.append(Moments.Moment(seconds: seconds, score: nil))
  }

  private func tile(of frame: borrowing Frame) throws(MediaError) -> TilePlanes? {
    do throws(MediaError) {
      guard let picture = try tiles.render(frame) else { return nil }
      return TilePlanes(picture)
    } catch {
      guard error.kind == .undecodable else { throw error }
      return nil
    }
  }
}
