internal import Deadlines
internal import Decoding

extension MediaFile {
  /// Opens a file. Junk at its beginning is skipped, and so is the part of a transport stream before its first video.
  static func opening(_ source: any ByteSource, limits: MediaLimits, deadline: Deadline) throws -> MediaFile {
    let foreign = try ForeignFile(source)
    if foreign.isEnclosure, let sentence = foreign.certainty { throw MediaError(.unknownContainer, sentence) }
    do {
      let file = try MediaFile(source, limits: limits, deadline: deadline)
      // libavformat shows the pictures of AVIF, and from 7.0 on the tiles of HEIF, as video tracks. Only an animation has an index.
      if foreign.isPicture, file.containerName.hasPrefix("mov"), (file.head.trackCount ?? 0) == 0 {
        throw MediaError.noVideoStream
      }
      if file.containerName == "gif", let disguised = try disguised(source, limits: limits, deadline: deadline) {
        return disguised
      }
      if let link = try file.firstLink() { return link }
      guard file.containerName.hasPrefix("mov"), file.head.index == nil, let tag = try LeadingJunk.tagLength(in: source)
      else { return file }
      return try MediaFile(ShiftedSource(source, from: tag), limits: limits, deadline: deadline)
    } catch let refusal as MediaError where [.unknownContainer, .noVideo, .undecodable].contains(refusal.kind) {
      if foreign.isPicture, let disguised = try disguised(source, limits: limits, deadline: deadline) { return disguised }
      if let sentence = try foreign.certainty ?? LineEnds.sentence(in: source) ?? MovieReference.sentence(in: source)
        ?? IndexLocation.sentence(in: source)
      {
        throw refusal.saying(sentence)
      }
      if refusal.kind == .undecodable, try isScrambledTransport(source) { throw encrypted }
      guard let start = try LeadingJunk.length(in: source) else {
        if refusal.kind == .noVideo, let later = try opening(laterThan: source, limits: limits, deadline: deadline) {
          return later
        }
        guard refusal.kind == .unknownContainer || foreign.isEmpty else { throw refusal }
        throw try foreign.sentence(in: source).map(refusal.saying) ?? refusal
      }
      let video = ShiftedSource(source, from: start)
      do {
        return try MediaFile(video, limits: limits, deadline: deadline)
      } catch let refusal as MediaError where refusal.kind == .unknownContainer {
        throw try ForeignFile(video).sentence(in: video).map(refusal.saying) ?? refusal
      }
    }
  }

  /// Some sites put a picture before a video, or before each piece of a stream, and telephones a photograph. Nil if no video follows.
  private static func disguised(_ source: any ByteSource, limits: MediaLimits, deadline: Deadline) throws -> MediaFile? {
    guard let start = try LeadingJunk.length(in: source) ?? MotionPhoto.video(in: source) else { return nil }
    do {
      return try MediaFile(ShiftedSource(source, from: start), limits: limits, deadline: deadline)
    } catch is MediaError {
      return nil
    }
  }

  /// - Returns: nil for other kinds of files, or if no video comes later.
  private static func opening(laterThan source: any ByteSource, limits: MediaLimits, deadline: Deadline) throws -> MediaFile? {
    guard let size = source.size, try LeadingJunk.transportPacket(from: 0, in: source) == 0 else { return nil }
    for position in TrackChoice.furtherPositions {
      guard let packet = try LeadingJunk.transportPacket(from: Int64(position * Double(size)), in: source) else { return nil }
      do {
        return try MediaFile(ShiftedSource(source, from: packet), limits: limits, deadline: deadline)
      } catch let refusal as MediaError where refusal.kind == .noVideo {
        continue
      }
    }
    return nil
  }

  /// Tries one track after another until `look` succeeds.
  ///
  /// - Throws: the error of the first track.
  func onFirstReadableTrack<Result>(
    deadline: Deadline, _ look: (KeyframeDecoder, VideoTrack) throws -> Result
  ) throws -> Result {
    var refusal: MediaError?
    for track in tracks.prefix(TrackChoice.mostTracks) {
      do {
        try select(track)
        let decoder = try KeyframeDecoder(self, deadline: deadline)
        do {
          return try look(decoder, track)
        } catch let error as MediaError where error.kind == .undecodable && decoder.isOutOfTime {
          throw MediaError.tooSlow
        }
      } catch let error as MediaError {
        refusal = refusal ?? error
      }
    }
    throw refusal ?? .noVideoStream
  }
}
