internal import CLibAV

/// How a decoded frame is turned upright: mirrored or not, then rotated clockwise by quarter turns.
struct Orientation: Equatable, Sendable {
  var quarterTurns = 0
  var isMirrored = false

  static let upright = Orientation()

  init() {}

  /// From a display matrix (ISO/IEC 14496-12, 8.2.2.3) as FFmpeg keeps it: nine 16.16 fixed-point numbers, of which the
  /// linear part is looked at. Anything that is no multiple of a quarter turn is rounded to one.
  init(displayMatrix matrix: [Int32]) {
    guard matrix.count == 9 else { return }
    let determinant = Int64(matrix[0]) * Int64(matrix[4]) - Int64(matrix[1]) * Int64(matrix[3])
    isMirrored = determinant < 0
    var turned = matrix
    if isMirrored {
      // Take the mirroring of the x axis out; what is left is a rotation.
      unsafe av_display_matrix_flip(&turned, 1, 0)
    }
    let degrees = unsafe av_display_rotation_get(turned)
    guard degrees.isFinite else { return }
    quarterTurns = ((Int((-degrees / 90).rounded()) % 4) + 4) % 4
  }

  var swapsSides: Bool { quarterTurns % 2 == 1 }

  /// As libavfilter's filters.
  var filters: [String] {
    var filters: [String] = []
    if isMirrored { filters.append("hflip") }
    switch quarterTurns {
    case 1: filters.append("transpose=clock")
    case 2: filters += ["hflip", "vflip"]
    case 3: filters.append("transpose=cclock")
    default: break
    }
    return filters
  }
}
