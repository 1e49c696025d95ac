internal import CLibAV

/// The lines above the picture that IMX (SMPTE 356M, MPEG-2 in 4:2:2) codes with it: those in which television has its subtitles and time
/// codes. No container says so.
enum BlankedLines {
  private static let width = 720
  /// By the height of the coded picture.
  private static let count = [608: 32, 512: 26]
  /// The shapes of the whole picture, width to height, that are those of the picture without these lines.
  private static let shapes = [4.0 / 3, 16.0 / 9]

  /// How many lines are to be cropped; nil if the picture is no such one.
  static func count(of frame: borrowing Frame, codec: AVCodecID) -> Int? {
    guard codec == AV_CODEC_ID_MPEG2VIDEO, frame.width == width, frame.pixelFormatName == "yuv422p" else { return nil }
    return count[frame.height]
  }

  /// The shape of a pixel, width to height.
  ///
  /// - Parameter told: as the stream or the container says, which may be that of a pixel already.
  static func pixelAspect(told: Double, lines: Int, height: Int) -> Double {
    let whole = told * Double(width) / Double(height)
    return shapes.contains { abs(whole / $0 - 1) < 0.01 } ? told * Double(height - lines) / Double(height) : told
  }
}
