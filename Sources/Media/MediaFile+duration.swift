internal import CLibAV
internal import Decoding

extension MediaFile {
  /// The duration in seconds, counted from ``start``; nil if the file does not tell it. Without a list of fragments, only the first
  /// fragment of the track may have been read, but the last one of another track. Then the longest duration of all tracks counts, or only
  /// ``endSeconds`` if there are fragments that were not read.
  var durationSeconds: Double? {
    if hasMoreFragments { return endSeconds.map(sinceStart) }
    return (endSeconds ?? toldEnd(of: head.index?.hasBareFragments == true ? streams : streamIndex..<streamIndex + 1)).map(
      sinceStart)
  }

  /// How long a picture is shown, in ticks; nil if no rate is told.
  var ticksPerPicture: Int64? {
    let rate = unsafe av_guess_frame_rate(format, stream, nil)
    guard rate.num > 0, rate.den > 0, secondsPerTick > 0 else { return nil }
    return Int64(exactly: (1 / av_q2d(rate) / secondsPerTick).rounded())
  }

  private func toldEnd(of tracks: Range<Int>) -> Double? {
    let told = tracks.compactMap { index in
      let late = index == streamIndex ? facts.lateSeconds : 0
      return toldTicks(ofStream: index).map { unsafe Double($0) * av_q2d(stream(index).pointee.time_base) + late }
    }
    // A stream of MPEG-1 of variable rate tells the highest one there is.
    let isGuessed = unsafe format!.pointee.duration_estimation_method == AVFMT_DURATION_FROM_BITRATE
    if isGuessed && containerName == "mpegvideo" { return nil }
    let whole = unsafe format!.pointee.duration
    return told.max() ?? (whole != cav_no_pts() && whole > 0 ? Double(whole) / Double(cav_time_base()) : nil)
  }

  /// How long a track is, in ticks; nil if the header does not tell. Some recorders leave all durations of an MP4 at zero, but its index
  /// has the time of the last picture.
  func toldTicks(ofStream index: Int) -> Int64? {
    let stream = unsafe stream(index)
    let told = unsafe stream.pointee.duration
    if told != cav_no_pts() && told > 0 { return told }
    guard containerName.hasPrefix("mov"), unsafe stream.pointee.nb_frames > 0 else { return nil }
    let last = unsafe avformat_index_get_entry(stream, avformat_index_get_entries_count(stream) - 1)
    return unsafe last.flatMap { unsafe $0.pointee.timestamp > 0 ? $0.pointee.timestamp : nil }
  }

  /// In fragmented files and in those that libavformat wrote, the told duration is the time at which the file ends.
  private func sinceStart(_ end: Double) -> Double {
    let isEnd = unsafe head.tellsEnd || (containerName.hasPrefix("mov") && stream.pointee.nb_frames == 0)
    return isEnd && end > start ? end - start : end
  }

  /// The header of a fragmented MP4 tells at most the duration of its first fragment. If its index (mfra) has been read, a seek to the last
  /// fragment tells the rest. Without an index and with thousands of fragments, as in a browser's recording, one of the last is searched
  /// for.
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

  /// The most bytes to read on a walk from fragment to fragment, which takes some KiB of each.
  static let longestWalk = 256 * 1024
  /// How far before the end the last fragment is searched for, in bytes: the second distance is tried if the first has none.
  private static let tails: [Int64] = [1 << 20, 8 << 20]
}
