/// What a container tells of a video track but FFmpeg's libraries before 7.1 do not pass on.
struct TrackHint: Equatable, Sendable {
  var crop = CropBox()
  var orientation = Orientation.upright
  /// Whether it is a view in all directions.
  var isAllRound = false
  /// Whether the track is meant to be shown.
  var isEnabled = true
  /// Whether the track only belongs to the pictures of another one, as a transparency mask or a depth map does.
  var isAuxiliary = false
  /// Whether it has a sample description of encrypted samples. A file may name key systems and have none.
  var mayBeEncrypted = false
  /// Whether it is encrypted in a way of which FFmpeg's libraries know nothing, and would take its samples for pictures.
  var isProtected = false
  /// The possible pixel shapes, width to height, if a crop makes FFmpeg's own value wrong; otherwise empty. The first follows the standard,
  /// by which the display size is that of the cropped picture. The second assumes that it was written for the whole picture.
  var pixelAspects: [Double] = []
  /// Matroska's name of the codec.
  var codecName: String?
}
