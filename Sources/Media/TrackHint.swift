/// What a container says of a video track and FFmpeg's libraries before 7.1 do not pass on.
struct TrackHint: Equatable, Sendable {
  var crop = CropBox()
  var orientation = Orientation.upright
  /// Meant to be shown.
  var isEnabled = true
  /// No pictures to be shown but what belongs to those of another track: a mask of what is transparent in them, or how far away it is.
  var isAuxiliary = false
  /// Width to height of a pixel, where a crop makes FFmpeg's own value wrong; empty where it does not. First by the standard, for which the
  /// display size is that of the cropped picture; then for a display size that was written for the whole picture.
  var pixelAspects: [Double] = []
  /// Matroska's own name of the codec.
  var codecName: String?
}
