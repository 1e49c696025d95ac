/// A video track of a file, as its header tells before anything is decoded.
struct VideoTrack: Equatable, Sendable {
  /// The index of its stream.
  let stream: Int
  /// Whether it is a picture attached to an audio file or a film, and not the video itself.
  var isCover = false
  /// Whether it has a single picture, or pictures for a menu of chapters.
  var isStill = false
  /// Whether it is to be shown at all.
  var isEnabled = true
  /// Whether it is shown unless somebody chooses another.
  var isDefault = true
  var pixels = 0
  /// The number of its pictures; 0 if the header does not tell.
  var frames = 0

  /// The order in which tracks are tried: moving ones first, then enabled ones, then default ones, then larger ones, then those with more pictures.
  static func ordered(_ tracks: [VideoTrack]) -> [VideoTrack] {
    func rank(_ track: VideoTrack) -> [Int] {
      [
        track.isCover ? 1 : 0, track.isStill ? 1 : 0, track.isEnabled ? 0 : 1, track.isDefault ? 0 : 1, -track.pixels,
        -track.frames, track.stream,
      ]
    }
    return tracks.sorted { rank($0).lexicographicallyPrecedes(rank($1)) }
  }
}
