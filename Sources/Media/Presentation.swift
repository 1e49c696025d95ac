internal import CLibAV

/// How a decoded picture is to be shown, by what its container and its coding say: which part of it, how its pixels are shaped, how it is
/// turned.
struct Presentation: Equatable, Sendable {
  let orientation: Orientation
  let crop: CropBox
  /// Width to height of a pixel, of the whole picture where this is one field.
  let pixelAspect: Double
  /// One field, half as high as what it shows.
  let isField: Bool
  /// Two fields of different moments in one picture.
  let isInterlaced: Bool
  /// Colours as Dolby Vision's profile 5 has them.
  let isDolbyVision5: Bool

  /// Below this, a pixel of one field is told to be as high as two lines.
  private static let wide = 0.75

  init(of frame: borrowing Frame, in file: MediaFile) {
    orientation = file.orientation
    let (width, height) = (frame.width, frame.height)
    let eyes = file.eyes
    crop = eyes?.crop(file.hint.crop, width: width, height: height) ?? file.hint.crop
    isDolbyVision5 = file.isDolbyVision5
    // HEVC codes each field as a picture of its own, which is no mixture of two.
    isField = unsafe frame.isInterlaced && file.parameters.pointee.codec_id == AV_CODEC_ID_HEVC
    isInterlaced = frame.isInterlaced && !isField
    var told = file.pixelAspect(of: frame)
    if eyes != nil && !file.isSpherical {
      told = EyePair.pixelAspect(told: told, eye: crop.size(ofWidth: width, height: height))
    }
    // Scaled to even sides, a picture gets an aspect ratio that makes up for the rest (3610:3609): less than a pixel, which nobody scales for.
    let isSquare = abs(told - 1) * Double(min(frame.width, frame.height)) < 1
    if isField && told < Self.wide { pixelAspect = 2 * told } else { pixelAspect = isSquare ? 1 : told }
  }

  /// What comes before everything else, in libavfilter's own notation.
  func prefix(of frame: borrowing Frame) -> [String] {
    // A keyframe comes alone: `bwdif` would find nothing moving and weave its fields, `estdif` works within the frame.
    // It takes no picture of less than three lines or columns.
    (isInterlaced && min(frame.width, frame.height) > 2 ? ["estdif=mode=frame:deint=interlaced"] : [])
      + (crop.filter(width: frame.width, height: frame.height).map { [$0] } ?? [])
  }

  /// The size of the upright picture in square pixels.
  func displayedSize(of frame: borrowing Frame) -> (width: Double, height: Double) {
    let size = crop.size(ofWidth: frame.width, height: frame.height)
    let width = Double(size.width) * pixelAspect
    let height = Double(size.height) * (isField ? 2 : 1)
    return orientation.swapsSides ? (height, width) : (width, height)
  }
}
