/// How a decoded frame is turned upright: its sides swapped or not, then mirrored along either axis. These are all eight ways to lay a
/// picture on its grid.
struct Orientation: Equatable, Sendable {
  /// Transposed: what was a column is a row.
  var swapsSides = false
  /// Mirrored left to right, after the transposition.
  var mirrorsX = false
  /// Mirrored top to bottom, after the transposition.
  var mirrorsY = false

  static let upright = Orientation()

  init(swapsSides: Bool = false, mirrorsX: Bool = false, mirrorsY: Bool = false) {
    self.swapsSides = swapsSides
    self.mirrorsX = mirrorsX
    self.mirrorsY = mirrorsY
  }

  /// From a display matrix (ISO/IEC 14496-12, 8.2.2.3) as FFmpeg keeps it: nine 16.16 fixed-point numbers {a, b, u, c, d, v, x, y, w}, by
  /// which a point is shown at (a·x + c·y, b·x + d·y). Anything that is no multiple of a quarter turn becomes the nearest one.
  init(displayMatrix matrix: [Int32]) {
    guard matrix.count == 9 else { return }
    let (a, b, c, d) = (Int64(matrix[0]), Int64(matrix[1]), Int64(matrix[3]), Int64(matrix[4]))
    swapsSides = abs(b) + abs(c) > abs(a) + abs(d)
    mirrorsX = swapsSides ? c < 0 : a < 0
    mirrorsY = swapsSides ? b < 0 : d < 0
  }

  /// From the same in memory.
  init(_ data: UnsafePointer<UInt8>, bytes: Int) {
    unsafe self.init(
      displayMatrix: UnsafeRawBufferPointer(start: data, count: bytes).withMemoryRebound(to: Int32.self, Array.init))
  }

  /// As libavfilter's filters.
  var filters: [String] {
    // `cclock_flip` is libavfilter's word for a transposition without a turn.
    (swapsSides ? ["transpose=cclock_flip"] : []) + (mirrorsX ? ["hflip"] : []) + (mirrorsY ? ["vflip"] : [])
  }
}
