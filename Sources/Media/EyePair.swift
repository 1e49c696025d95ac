internal import CLibAV

/// How the two eyes' pictures of a stereoscopic video share one coded picture. Only the first eye is shown, as flat players do: a crop to
/// the usual shape would go through the seam.
enum EyePair: Equatable, Sendable {
  case sideBySide, topBottom
  /// Line by line or column by column. These are shown as they are.
  case interleaved

  /// The usual shape of one eye's picture, width to height.
  private static let usualShape = 16.0 / 9

  /// - Parameter type: libavutil's value (`AVStereo3DType`); nil for pictures that alternate in time or in a checkerboard.
  init?(_ type: AVStereo3DType) {
    switch type {
    case AV_STEREO3D_SIDEBYSIDE: self = .sideBySide
    case AV_STEREO3D_TOPBOTTOM: self = .topBottom
    case AV_STEREO3D_LINES, AV_STEREO3D_COLUMNS: self = .interleaved
    default: return nil
    }
  }

  /// What to crop from a picture to leave the first eye, including the container's own crop.
  func crop(_ whole: CropBox, width: Int, height: Int) -> CropBox {
    // A crop that is not possible is ignored.
    var crop = whole.filter(width: width, height: height) == nil ? CropBox() : whole
    let left = crop.size(ofWidth: width, height: height)
    switch self {
    case .sideBySide: crop.right += left.width - left.width / 2
    case .topBottom: crop.bottom += left.height - left.height / 2
    case .interleaved: break
    }
    return crop
  }

  /// The width of a pixel divided by its height. Containers do not say whether the eyes were squeezed into the picture, nor whether they
  /// mean the shape of one eye or of both. So the candidate that brings an eye's picture nearest to the usual shape is taken.
  ///
  /// - Parameters:
  ///   - told: the container's value.
  ///   - eye: the size of one eye's picture, in pixels.
  static func pixelAspect(told: Double, eye: (width: Int, height: Int)) -> Double {
    func distance(_ aspect: Double) -> Double {
      let shape = aspect * Double(eye.width) / Double(eye.height)
      return max(shape / usualShape, usualShape / shape)
    }
    return [told, told / 2, told * 2].min { distance($0) < distance($1) } ?? told
  }
}

extension MediaFile {
  /// From the container or, failing that, from the coded pictures.
  var eyes: EyePair? {
    unsafe sideData(AV_PKT_DATA_STEREO3D) { data, _ in
      unsafe data.withMemoryRebound(to: AVStereo3D.self, capacity: 1) { unsafe EyePair($0.pointee.type) }
    } ?? facts.eyes
  }

  /// Whether the video is a view in all directions. Its pixel shape is taken as told, since one eye's half of it may be square.
  var isSpherical: Bool { unsafe hint.isAllRound || sideData(AV_PKT_DATA_SPHERICAL) { _, _ in true } ?? false }
}
