internal import CLibAV
internal import Decoding

extension MediaFile {
  /// Says why no sample of the selected track was found, or none that can be decoded.
  func emptiness() throws -> MediaError {
    // Opened again, since in some containers a seek skips all that is no keyframe. MP4 is not probed, which would lead to the last
    // fragment.
    let fresh = try MediaFile(
      reader.source, limits: limits, deadline: reader.deadline, isProbed: !containerName.hasPrefix("mov"))
    let packet = try Packet()
    let streamIndex = streamIndex
    let ((hasPicture, hasSound), _) = fresh.reader.whileReading(atMost: KeyframeDecoder.farthest) {
      var hasSound = false
      for _ in 0..<limits.maximumPackets {
        packet.clear()
        guard unsafe av_read_frame(fresh.format, packet.raw) >= 0 else { break }
        if packet.stream == streamIndex { return (true, hasSound) }
        hasSound = true
      }
      return (false, hasSound)
    }
    try fresh.reader.rethrow()
    if hasPicture { return endsInFirstPicture ? Self.ended : .undecodable }
    // Pictures that an index names were recorded.
    guard unsafe hasSound && stream.pointee.nb_frames == 0 else { return Self.ended }
    return MediaError(
      .undecodable,
      "the file has sound, and no picture in its video track: a camera that was off, say, or an upload that broke off"
    )
  }

  private var endsInFirstPicture: Bool {
    guard let first = unsafe avformat_index_get_entry(stream, 0), let size = reader.source.size else { return false }
    return unsafe first.pointee.pos > size - Int64(first.pointee.size)
  }

  private static var ended: MediaError {
    MediaError(
      .undecodable,
      "the file ends before its first picture: it is a head without its samples (an initialisation segment), or its upload broke off"
    )
  }
}
