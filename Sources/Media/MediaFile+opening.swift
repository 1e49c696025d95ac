internal import Deadlines
internal import Decoding

extension MediaFile {
  /// Opens a file, and one with junk before it from where it begins.
  static func opening(_ source: any ByteSource, limits: MediaLimits, deadline: Deadline) throws -> MediaFile {
    do {
      return try MediaFile(source, limits: limits, deadline: deadline)
    } catch let refusal as MediaError where [.unknownContainer, .noVideo, .undecodable].contains(refusal.kind) {
      let foreign = try ForeignFile(source)
      if let sentence = foreign.certainty { throw refusal.saying(sentence) }
      guard let start = try LeadingJunk.length(in: source) else {
        throw refusal.kind == .unknownContainer ? foreign.sentence.map(refusal.saying) ?? refusal : refusal
      }
      return try MediaFile(ShiftedSource(source, from: start), limits: limits, deadline: deadline)
    }
  }

  /// Looks at one track after the other until something can be made of one.
  ///
  /// - Throws: what was wrong with the first one.
  func onFirstReadableTrack<Result>(
    deadline: Deadline, _ look: (KeyframeDecoder, VideoTrack) throws -> Result
  ) throws -> Result {
    var refusal: MediaError?
    for track in tracks.prefix(Self.mostTracks) {
      do {
        try select(track)
        return try look(KeyframeDecoder(self, deadline: deadline), track)
      } catch let error as MediaError {
        refusal = refusal ?? error
      }
    }
    throw refusal ?? MediaError(.noVideo, "the file has no video stream")
  }

  /// A hostile file has any number.
  private static let mostTracks = 4
}
