internal import CLibAV
internal import Decoding

extension MediaFile {
  /// Duration in seconds, from ``start`` on; nil where the file does not say. Where there is no list of fragments only the first of the track may
  /// have been read, and the last of another one: the longest counts, then, unless there are more that nobody has read.
  var durationSeconds: Double? {
    if hasMoreFragments { return endSeconds.map(sinceStart) }
    return (endSeconds ?? toldEnd(of: head.index?.hasBareFragments == true ? streams : streamIndex..<streamIndex + 1)).map(
      sinceStart)
  }

  private func toldEnd(of tracks: Range<Int>) -> Double? {
    let told = tracks.compactMap { index in
      let stream = unsafe format!.pointee.streams[index]!
      let ticks = unsafe stream.pointee.duration
      let late = index == streamIndex ? lateSeconds[index] ?? 0 : 0
      return ticks != cav_no_pts() && ticks > 0 ? unsafe Double(ticks) * av_q2d(stream.pointee.time_base) + late : nil
    }
    let whole = unsafe format!.pointee.duration
    return told.max() ?? (whole != cav_no_pts() && whole > 0 ? Double(whole) / Double(cav_time_base()) : nil)
  }

  /// What is told as a duration is when the file ends, in fragments and where libavformat wrote it.
  private func sinceStart(_ end: Double) -> Double {
    let isEnd = unsafe head.tellsEnd || (containerName.hasPrefix("mov") && stream.pointee.nb_frames == 0)
    return isEnd && end > start ? end - start : end
  }

  /// The header of a fragmented MP4 tells the duration of its first fragment at most. Where its index (mfra) has been read, one look at
  /// the last fragment's head tells the rest. Where it has none, and there are thousands, as in a browser's recording, one of the last is looked for.
  func findEndOfFragments() throws {
    guard hasMoreFragments, let size = reader.source.size else {
      unsafe _ = av_seek_frame(format, Int32(streamIndex), Int64.max / 4, AVSEEK_FLAG_BACKWARD)
      return try reader.rethrow()
    }
    for tail in Self.tails where endSeconds == nil {
      guard let last = try PieceSearch.fragment.last(from: max(0, size - tail), in: reader.source) else { continue }
      guard try tellsTime(fragment: last), let piece = try leap(toByte: last) else { break }
      endSeconds = piece.toldEnd(of: piece.streams)
    }
    endSeconds = endSeconds ?? head.endOfFragments
  }

  /// Bytes that are read on a walk from fragment to fragment, some KiB of each.
  static let longestWalk = 256 * 1024
  /// How far from the end the last fragment is looked for, in bytes: first there, then there.
  private static let tails: [Int64] = [1 << 20, 8 << 20]
}
