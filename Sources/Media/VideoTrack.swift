/// One video track of a file, as its header tells before anything is decoded.
struct VideoTrack: Equatable, Sendable {
  /// Its number among the streams.
  let stream: Int
  /// A picture that comes with an audio file or a film, and is not the video.
  var isCover = false
  /// One picture, or pictures for a menu of chapters.
  var isStill = false
  /// To be shown unless somebody chooses another.
  var isDefault = true
  var pixels = 0
  /// Pictures in it; 0 where the header does not tell.
  var frames = 0

  /// In the order in which they are tried: moving ones, then those meant to be shown, then larger ones, then those with more pictures.
  static func ordered(_ tracks: [VideoTrack]) -> [VideoTrack] {
    func rank(_ track: VideoTrack) -> [Int] {
      [track.isCover ? 1 : 0, track.isStill ? 1 : 0, track.isDefault ? 0 : 1, -track.pixels, -track.frames, track.stream]
    }
    return tracks.sorted { rank($0).lexicographicallyPrecedes(rank($1)) }
  }
}
