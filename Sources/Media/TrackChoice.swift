internal import Deadlines
internal import Decoding
internal import Failures

/// Chooses the track and, with ``FrameChoice``, the picture. If the first track cannot be decoded or is dark throughout, it tries the next
/// one.
struct TrackChoice {
  let file: MediaFile
  /// The shape asked for; nil for the one nearest to the video's own.
  let shape: AspectRatio?
  let deadline: Deadline
  let progress: () throws -> Void

  /// The most tracks to try, since a hostile file may have any number.
  static let mostTracks = 4

  /// The places, as shares of the file, at which to check whether its tracks have changed.
  static let furtherPositions = [0.5, 0.8, 0.95]

  /// A picture, and what the reply says of the track from which it is.
  struct Outcome: ~Copyable {
    var frame: ChosenFrame
    let codecName: String
    var durationSeconds: Double?
    let packetBytes: Int
    let note: String?
  }

  /// - Parameter requested: an exact second, whose picture is taken from the first track that can be decoded.
  func choose(requested: Double?) throws -> Outcome {
    if let requested, let link = file.chain.later.last(where: { $0.chain.earlierSeconds <= requested }) {
      let choice = TrackChoice(file: link, shape: shape, deadline: deadline, progress: progress)
      return try choice.choose(requested: requested - link.chain.earlierSeconds)
    }
    var best: Outcome?
    var refusal: MediaError?
    var tried: Set<Int> = []
    var packetBytes = 0
    // Read again each time, since transport streams announce tracks while they are read.
    while tried.count < Self.mostTracks, let track = file.tracks.first(where: { !tried.contains($0.stream) }) {
      // A cover replaces a video that cannot be decoded, but not one that is dark.
      if best != nil && track.isCover { break }
      tried.insert(track.stream)
      do {
        let found = try look(at: track, in: file, spent: packetBytes) { try $0.choose(requested: requested) }
        packetBytes = found.packetBytes
        let isEnough = found.frame.showsSomething || requested != nil
        if best == nil || isEnough { best = consume found }
        if isEnough { break }
      } catch let error as MediaError {
        refusal = refusal ?? error
      } catch let error as any ClassifiedError where error.failureClass.isOrigins && best != nil && !deadline.hasPassed {
        // The origin failed: what was found in another track is better than nothing.
        break
      }
    }
    if requested == nil, best?.frame.showsSomething != true,
      let found = try lookFurther(spent: packetBytes, mayFail: best != nil)
    {
      best = consume found
    }
    if best == nil, refusal?.kind == .undecodable { best = try lookAfresh(requested: requested, spent: packetBytes) }
    if requested == nil, best == nil, refusal?.kind == .encrypted { best = try lookInClear(spent: packetBytes) }
    guard var result = best.take() else {
      let source = file.reader.source
      if let sentence = try LineEnds.sentence(in: source) ?? MovieReference.sentence(in: source)
        ?? FlashCodec.sentence(in: source, known: file.codecName) ?? ForeignFile(source).certainty
        ?? IndexLocation.sentence(in: source)
      {
        throw MediaError(.undecodable, sentence)
      }
      throw refusal ?? .noVideoStream
    }
    if result.note != nil { result.frame.isDegraded = true }
    return result
  }

  /// Looks for a later part of the file that has other tracks, or was appended; nil if there is none, or it is dark, too.
  ///
  /// - Parameter mayFail: whether there is a picture already, so that a fault of the origin does not fail the job.
  private func lookFurther(spent: Int, mayFail: Bool) throws -> Outcome? {
    do {
      for link in file.chain.later.prefix(Self.furtherPositions.count) {
        if let found = try lookFurther(spent: spent, opening: { link }) { return found }
      }
      for changes in try file.furtherCodecs() {
        if let found = try lookFurther(spent: spent, opening: { try file.changed(changes) }) { return found }
      }
      for place in try file.furtherPlaces() {
        if let found = try lookFurther(spent: spent, opening: { try file.continuation(at: place) }) { return found }
      }
    } catch let error as any ClassifiedError where error.failureClass.isOrigins && mayFail && !deadline.hasPassed {
      // The origin failed: what there is already is better than nothing.
    }
    return nil
  }

  private func lookFurther(spent: Int, opening: () throws -> MediaFile?) throws -> Outcome? {
    do {
      guard let further = try opening(), let track = further.tracks.first else { return nil }
      let found = try look(at: track, in: further, spent: spent) { try $0.choose(requested: nil) }
      return found.frame.showsSomething ? consume found : nil
    } catch is MediaError {
      return nil
    }
  }

  /// Used if nothing could be decoded. Opens the file again, with all that its edit list leaves out. Containers without edit lists, and indexes
  /// without keyframes, are read from the beginning without a seek, which would skip every picture of a file that marks no keyframes.
  private func lookAfresh(requested: Double?, spent: Int) throws -> Outcome? {
    do {
      let fresh = try MediaFile(file.reader.source, limits: file.limits, deadline: deadline, heedsEdits: false)
      guard let track = fresh.tracks.first else { return nil }
      let mayGoBack = fresh.containerName.hasPrefix("mov") && KeyframeIndex(fresh).count > 0
      return try look(at: track, in: fresh, spent: spent) {
        mayGoBack ? try $0.choose(requested: requested) : try $0.chooseOnward()
      }
    } catch let error where error is MediaError || error is DeadlineExceeded {
      // The error of the first look stands, and it is not one of time.
      return nil
    }
  }

  /// Looks at what is before the first encrypted picture: packagers leave the first seconds of a protected video clear, so that it starts
  /// before its player has the key.
  ///
  /// The file is opened anew, and only its first fragment. libavformat decides what is encrypted by the fragment that it has read last: it is
  /// wrong after a seek back, and if the list of fragments is missing, or the file broke off.
  private func lookInClear(spent: Int) throws -> Outcome? {
    do {
      let fresh = try MediaFile(file.reader.source, limits: file.limits, deadline: deadline, isProbed: false)
      guard let track = fresh.tracks.first else { return nil }
      var found = try look(at: track, in: fresh, spent: spent) { try $0.chooseInClear() }
      found.durationSeconds = file.durationSeconds
      return found
    } catch is MediaError {
      return nil
    }
  }

  private func look(
    at track: VideoTrack, in file: MediaFile, spent: Int, by choose: (FrameChoice) throws -> ChosenFrame?
  ) throws -> Outcome {
    try file.select(track)
    let decoder = try KeyframeDecoder(file, deadline: deadline)
    let choice = FrameChoice(file: file, shape: shape, decoder: decoder, deadline: deadline, progress: progress)
    guard var frame = try choose(choice) else { throw MediaError.undecodable }
    frame.seconds += file.chain.earlierSeconds
    let note =
      frame.presentation.isDolbyVision5
      ? "Dolby Vision in colours of its own (profile 5): they are near, for the metadata that shapes them is not applied" : nil
    return Outcome(
      frame: frame, codecName: file.codecName, durationSeconds: file.chain.totalSeconds ?? file.durationSeconds,
      packetBytes: spent + decoder.packetBytes, note: note)
  }
}
