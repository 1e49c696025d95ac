internal import CLibAV

/// How the pictures of two eyes share a coded one. The first of them is shown, as flat players do: a cut to the usual shape would go through
/// the seam.
enum EyePair: Equatable, Sendable {
  case besideEachOther, overEachOther
  /// Line by line or column by column, and shown so.
  case interleaved

  /// What the shape of an eye's picture is measured by.
  private static let usualShape = 16.0 / 9

  /// - Parameter type: as libavutil has it (`AVStereo3DType`); nil for pictures that take turns, or share their squares.
  init?(_ type: AVStereo3DType) {
    switch type {
    case AV_STEREO3D_SIDEBYSIDE: self = .besideEachOther
    case AV_STEREO3D_TOPBOTTOM: self = .overEachOther
    case AV_STEREO3D_LINES, AV_STEREO3D_COLUMNS: self = .interleaved
    default: return nil
    }
  }

  /// What is to be cut off a picture besides.
  func crop(_ whole: CropBox, width: Int, height: Int) -> CropBox {
    // What cannot be cut off is not.
    var crop = whole.filter(width: width, height: height) == nil ? CropBox() : whole
    let left = crop.size(ofWidth: width, height: height)
    switch self {
    case .besideEachOther: crop.right += left.width - left.width / 2
    case .overEachOther: crop.bottom += left.height - left.height / 2
    case .interleaved: break
    }
    return crop
  }

  /// Width to height of a pixel. Whether the eyes were squeezed into the picture, and whose shape the container tells, is left to guesses: the one
  /// is taken by which an eye's picture is nearest to the usual shape.
  ///
  /// - Parameters:
  ///   - told: as the container has it.
  ///   - eye: the size of an eye's picture, in pixels.
  static func pixelAspect(told: Double, eye: (width: Int, height: Int)) -> Double {
    func distance(_ aspect: Double) -> Double {
      let shape = aspect * Double(eye.width) / Double(eye.height)
      return max(shape / usualShape, usualShape / shape)
    }
    return [told, told / 2, told * 2].min { distance($0) < distance($1) } ?? told
  }
}

extension MediaFile {
  /// By the container, or by the coding itself.
  var eyes: EyePair? {
    unsafe sideData(AV_PKT_DATA_STEREO3D) { data, _ in
      unsafe data.withMemoryRebound(to: AVStereo3D.self, capacity: 1) { unsafe EyePair($0.pointee.type) }
    } ?? codedEyes[streamIndex]
  }

  /// A view of all directions, whose pixels are as they are told: of half of them it is square.
  var isSpherical: Bool { unsafe sideData(AV_PKT_DATA_SPHERICAL) { _, _ in true } ?? false }
}
