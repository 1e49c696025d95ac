internal import CLibAV
internal import Decoding

extension MediaFile {
  /// Whether the demuxer can start at any byte and the container has nothing better: MPEG-TS and PS, bare streams.
  var canSeekByByte: Bool {
    unsafe format!.pointee.iformat.pointee.flags & (AVFMT_TS_DISCONT | AVFMT_NO_BYTE_SEEK) == AVFMT_TS_DISCONT
      || ["h264", "hevc", "h261", "h263", "m4v", "vc1", "dnxhd", "mjpeg", "mpegvideo"].contains(containerName)
  }

  /// Whether libavformat searches for a time by reading on, if there is no index or it ends before that time.
  var hasGenericSeek: Bool { !canSeekByByte && !containerName.hasPrefix("mov") }

  /// Whether libavformat knows only those keyframes that it has met, and a seek reads on up to the next one: in GIF and IVF, say.
  var seeksByReading: Bool { unsafe hasGenericSeek && format!.pointee.iformat.pointee.flags & AVFMT_GENERIC_INDEX != 0 }

  /// Whether places are better estimated from the start than found by seeking. In a Dahua camera's file, what a seek finds depends on how
  /// much of it has been read; in FLV without an index, a seek reads all that lies before.
  var isBetterEstimated: Bool {
    guard containerName == "flv", let duration = durationSeconds else { return containerName == "dhav" }
    let count = unsafe avformat_index_get_entries_count(stream)
    let last = unsafe avformat_index_get_entry(stream, count - 1).map { unsafe Double($0.pointee.timestamp) * secondsPerTick }
    return (last ?? start) - start < duration / 2
  }

  /// About where a time is in the file; nil if its duration or its size is not known.
  func estimatedByte(ofTick ticks: Int64) -> Int64? {
    guard let size = reader.source.size, let duration = durationSeconds, duration > 0 else { return nil }
    let share = (Double(ticks) * secondsPerTick - start) / duration
    return Int64(min(max(share, 0), 1) * Double(size))
  }

  /// About what time a byte belongs to.
  private func estimatedSeconds(ofByte offset: Int64) -> Double? {
    guard let size = reader.source.size, size > 0 else { return nil }
    return durationSeconds.map { Double(offset) / Double(size) * $0 }
  }

  /// Where the demuxer can start at or after a byte; nil for other kinds of files, or if nothing more follows.
  func place(atByte offset: Int64) throws -> Int64? {
    if canSeekByByte || containerName == "avi" { return offset }
    return containerName == "flv" ? try next(.tag, from: offset) : nil
  }

  private func next(_ search: PieceSearch, from offset: Int64) throws -> Int64? {
    let found = try search.next(from: offset, in: reader.source)
    reader.note(bytes: (found ?? min(offset + Int64(PieceSearch.reach), reader.source.size ?? .max)) - offset)
    return found
  }

  /// The same track of the file opened again from the first piece after a byte, for files without a list of their pieces; nil if there is
  /// none.
  func leap(toByte offset: Int64) throws -> MediaFile? {
    // In a Dahua camera's file, each keyframe has all that a header tells.
    if containerName == "dhav" {
      guard let piece = try next(.chunk, from: offset) else { return nil }
      return try sameTrack(in: ShiftedSource(reader.source, from: piece), isProbed: true)
    }
    let (head, search): (Int64, PieceSearch)
    if let first = self.head.firstCluster {
      (head, search) = (first, .cluster)
    } else if let index = self.head.index, index.hasFragments {
      (head, search) = (index.range.upperBound, .fragment)
    } else {
      return nil
    }
    guard let piece = try next(search, from: max(offset, head)) else { return nil }
    let file = try sameTrack(in: SplicedSource(reader.source, skipping: head..<piece, kind: search), isProbed: false)
    if let file, search == .fragment, try !tellsTime(fragment: piece), let seconds = estimatedSeconds(ofByte: piece) {
      file.begin(at: start - seconds)
    }
    return file
  }

  /// Whether a fragment tells its time: that of its track (`tfdt`, ISO/IEC 14496-12, 8.8.12) or Microsoft's (`tfxd`, whose name is a
  /// number). If no fragment does, times count from the first one that is read.
  func tellsTime(fragment: Int64) throws -> Bool {
    guard let body = try BoxHeader.read(at: fragment, in: reader.source)?.body else { return false }
    let bytes = try reader.source.upTo(Int(min(body.upperBound - body.lowerBound, Self.fragmentHead)), at: body.lowerBound)
    return bytes.indices.contains { index in Self.times.contains { bytes[index...].starts(with: $0) } }
  }

  private static let times: [[UInt8]] = [Array("tfdt".utf8), [0x6d, 0x1d, 0x9b, 0x05, 0x42, 0xd5, 0x44, 0xe6]]
  private static let fragmentHead: Int64 = 16 * 1024

  /// The selected track in the file as another source presents it.
  private func sameTrack(in source: any ByteSource, isProbed: Bool) throws -> MediaFile? {
    var limits = limits
    // Probing needs only the first packet: libavformat would look for more tracks as far as the limit allows.
    if isProbed { limits.probeBytes = 32 }
    let file = try MediaFile(source, limits: limits, deadline: reader.deadline, isProbed: isProbed)
    guard let same = file.tracks.first(where: { $0.stream == streamIndex }) else { return nil }
    try file.select(same)
    file.begin(at: start)
    return file
  }

  /// Where the file may have other tracks or codecs, which libavformat does not always notice: at any packet of a transport stream, and where
  /// another file was appended.
  func furtherPlaces() throws -> [Int64] {
    let (source, shares) = (reader.source, TrackChoice.furtherPositions)
    if containerName == "mpegts" {
      guard let size = source.size else { return [] }
      return try shares.compactMap { try LeadingJunk.transportPacket(from: Int64($0 * Double(size)), in: source) }
    }
    let parts = FileParts(source: source, container: containerName)
    var places: [Int64] = []
    while places.count < shares.count, let next = try parts.next(after: places.last ?? 0) { places.append(next) }
    return places
  }

  /// What to change in an ISO base media file to read the pictures of each further codec of a track.
  func furtherCodecs() throws -> [[(place: Int64, bytes: [UInt8])]] {
    var changes: [[(place: Int64, bytes: [UInt8])]] = []
    for track in head.descriptions {
      for number in 1..<max(track.entries.count, 1) {
        changes.append(try track.changes(first: number, in: reader.source))
      }
    }
    return Array(changes.prefix(TrackChoice.furtherPositions.count))
  }

  /// The file opened again with such changes.
  func changed(_ changes: [(place: Int64, bytes: [UInt8])]) throws -> MediaFile {
    let file = try MediaFile(ChangedSource(reader.source, changes), limits: limits, deadline: reader.deadline)
    file.begin(at: start)
    return file
  }

  /// The file opened again from a further place; nil if a transport stream has nothing new there.
  func continuation(at place: Int64) throws -> MediaFile? {
    let file = try MediaFile(ShiftedSource(reader.source, from: place), limits: limits, deadline: reader.deadline)
    guard containerName == "mpegts" else { return file }
    let known = Set(tracks.map { codecName(ofStream: $0.stream) })
    guard let track = file.tracks.first, !known.contains(file.codecName(ofStream: track.stream)) else { return nil }
    file.begin(at: start)
    return file
  }

  private func codecName(ofStream index: Int) -> String {
    unsafe String(cString: avcodec_get_name(stream(index).pointee.codecpar.pointee.codec_id))
  }
}
