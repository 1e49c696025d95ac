internal import Deadlines
internal import Failures

/// Picks the track and, by ``FrameChoice``, the picture: where the first track cannot be decoded, or nothing in it is good, the next one
/// is looked at.
struct TrackChoice {
  let file: MediaFile
  let deadline: Deadline
  let progress: () throws -> Void

  /// Tracks that are looked at in all: a hostile file has any number.
  private static let mostTracks = 4

  /// A picture, and what is to be said of the track it is from.
  struct Result: ~Copyable {
    var frame: ChosenFrame
    let codecName: String
    let durationSeconds: Double?
    let packetBytes: Int
    let note: String?
  }

  /// - Parameter requested: an exact second, which is taken from the first track that can be decoded.
  func choose(requested: Double?) throws -> Result {
    var best: Result?
    var refusal: MediaError?
    var tried: Set<Int> = []
    var packetBytes = 0
    // Asked for anew each time: transport streams tell of tracks while they are read.
    while tried.count < Self.mostTracks, let track = file.tracks.first(where: { !tried.contains($0.stream) }) {
      // A cover stands in for a video that cannot be shown, not for one that is dark.
      if best != nil && track.isCover { break }
      tried.insert(track.stream)
      do {
        let found = try look(at: track, requested: requested, spent: packetBytes)
        packetBytes = found.packetBytes
        let isGood = !found.frame.isDegraded || requested != nil
        if best == nil || isGood { best = consume found }
        if isGood { break }
      } catch let error as MediaError {
        refusal = refusal ?? error
      } catch  where best != nil {
        // What was found in another track is better than nothing.
        break
      }
    }
    guard var result = best.take() else { throw refusal ?? MediaError(.noVideo, "the file has no video stream") }
    if result.note != nil { result.frame.isDegraded = true }
    return result
  }

  private func look(at track: VideoTrack, requested: Double?, spent: Int) throws -> Result {
    try file.select(track)
    let decoder = try KeyframeDecoder(file, deadline: deadline)
    let frame = try FrameChoice(file: file, decoder: decoder, deadline: deadline, progress: progress).choose(
      requested: requested)
    let note =
      frame.presentation.isDolbyVision5
      ? "Dolby Vision profile 5: the colours are near, for the metadata that shapes them is not applied" : nil
    return Result(
      frame: frame, codecName: file.codecName, durationSeconds: file.durationSeconds, packetBytes: spent + decoder.packetBytes,
      note: note)
  }
}
