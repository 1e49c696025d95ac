/// How a decoded frame is turned upright: its sides are swapped or not, then it is mirrored along either axis. That makes all eight ways to
/// lay a picture on its grid.
struct Orientation: Equatable, Sendable {
  /// Transposed: columns become rows.
  var swapsSides = false
  /// Mirrored left to right, after the transposition.
  var mirrorsX = false
  /// Mirrored top to bottom, after the transposition.
  var mirrorsY = false

  static let upright = Orientation()
}

extension Orientation {
  /// Reads a display matrix (ISO/IEC 14496-12, 8.2.2.3) as FFmpeg has it: nine 16.16 fixed-point numbers {a, b, u, c, d, v, x, y, w}, by
  /// which a point is shown at (a·x + c·y, b·x + d·y). Any other angle is rounded to the nearest quarter turn.
  init(displayMatrix matrix: [Int32]) {
    guard matrix.count == 9 else { return }
    let (a, b, c, d) = (Int64(matrix[0]), Int64(matrix[1]), Int64(matrix[3]), Int64(matrix[4]))
    swapsSides = abs(b) + abs(c) > abs(a) + abs(d)
    mirrorsX = swapsSides ? c < 0 : a < 0
    mirrorsY = swapsSides ? b < 0 : d < 0
  }

  /// Reads a display matrix in memory.
  init(_ data: UnsafePointer<UInt8>, bytes: Int) {
    unsafe self.init(
      displayMatrix: UnsafeRawBufferPointer(start: data, count: bytes).withMemoryRebound(to: Int32.self, Array.init))
  }

  /// The same in libavfilter's filters.
  var filters: [String] {
    // `cclock_flip` is libavfilter's name for a transposition without rotation.
    (swapsSides ? ["transpose=cclock_flip"] : []) + (mirrorsX ? ["hflip"] : []) + (mirrorsY ? ["vflip"] : [])
  }
}
