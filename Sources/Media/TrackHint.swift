/// What a container says of a video track and FFmpeg's libraries (before 7.1) do not hand on.
struct TrackHint: Equatable, Sendable {
  var crop = CropBox()
  var orientation = Orientation.upright
  /// Meant to be shown.
  var isEnabled = true
  /// Width to height of a pixel, where the cut changes what FFmpeg makes of the track's size: first what the standard makes of it, then
  /// what was meant if the size of display was written without a thought of the cut. Empty otherwise.
  var pixelAspects: [Double] = []
  /// The codec as Matroska names it.
  var codecName: String?
}
