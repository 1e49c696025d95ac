internal import CLibAV
internal import Decoding

/// How a decoded picture is to be shown according to its container and its coding: which part of it, with which pixel shape, and how
/// turned.
struct Presentation: Equatable, Sendable {
  let orientation: Orientation
  let crop: CropBox
  /// Width to height of a pixel; if the picture is one field, that of the whole picture.
  let pixelAspect: Double
  /// One field, half as high as what it shows.
  let isField: Bool
  /// Two fields of different moments in one picture.
  let isInterlaced: Bool
  /// Colours as Dolby Vision's profile 5 has them.
  let isDolbyVision5: Bool
  /// Pixels are either opaque or transparent, as in GIF. Edges were blended into the page that the picture was made for, most often white.
  let hasHardEdges: Bool

  /// Below this, the told pixel shape of a field means that a pixel is as high as two lines.
  private static let wide = 0.75

  init(of frame: borrowing Frame, in file: MediaFile) {
    orientation = file.orientation
    let (width, height) = (frame.width, frame.height)
    let eyes = file.eyes
    let told = file.hint.crop
    let lines = unsafe told == CropBox() ? BlankedLines.count(of: frame, codec: file.parameters.pointee.codec_id) : nil
    crop = eyes?.crop(told, width: width, height: height) ?? lines.map { CropBox(top: $0) } ?? told
    isDolbyVision5 = file.isDolbyVision5
    hasHardEdges = unsafe file.parameters.pointee.codec_id == AV_CODEC_ID_GIF
    // HEVC codes each field as a picture of its own, which needs no deinterlacing.
    isField = unsafe frame.isInterlaced && file.parameters.pointee.codec_id == AV_CODEC_ID_HEVC
    isInterlaced = frame.isInterlaced && !isField
    var aspect = file.pixelAspect(of: frame)
    if eyes != nil && !file.isSpherical {
      aspect = EyePair.pixelAspect(told: aspect, eye: crop.size(ofWidth: width, height: height))
    } else if let lines {
      aspect = BlankedLines.pixelAspect(told: aspect, lines: lines, height: height)
    }
    // A picture scaled to even sides gets an aspect ratio that makes up for the rounding (3610:3609). It is below one pixel and is ignored.
    let isSquare = abs(aspect - 1) * Double(min(frame.width, frame.height)) < 1
    if isField && aspect < Self.wide { pixelAspect = 2 * aspect } else { pixelAspect = isSquare ? 1 : aspect }
  }

  /// The filters that come first, in libavfilter's notation.
  func prefix(of frame: borrowing Frame) -> [String] {
    // A keyframe comes alone: `bwdif` would find no motion and weave its fields, whereas `estdif` works within one frame. It needs at least
    // three lines and columns.
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

  /// The share of its sides, before it is turned upright, that a thumbnail shows of the middle of a picture.
  ///
  /// - Parameter shape: the thumbnail's; nil for the one nearest to the picture's own.
  func shownShare(of frame: borrowing Frame, _ shape: AspectRatio?) -> (width: Double, height: Double) {
    let displayed = displayedSize(of: frame)
    let aspect = shape ?? .fitting(displayedWidth: displayed.width, height: displayed.height)
    let wideness = displayed.width / displayed.height / (aspect == .landscape ? 16.0 / 9 : 9.0 / 16)
    let (width, height) = (min(1, 1 / wideness), min(1, wideness))
    return orientation.swapsSides ? (height, width) : (width, height)
  }
}
