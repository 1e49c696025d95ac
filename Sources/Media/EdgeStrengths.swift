/// The strength of a picture's edges: Sobel gradients of its luma.
struct EdgeStrengths {
  private var magnitudes = 0.0
  private var across = LevelHistogram()
  private var down = LevelHistogram()

  /// Counts pixels of a row. In all three rows, each of these pixels has a neighbour on the left and on the right.
  mutating func add(
    _ columns: Range<Int>, of row: UnsafePointer<UInt8>, above: UnsafePointer<UInt8>, below: UnsafePointer<UInt8>
  ) {
    for x in columns {
      let right = unsafe Int32(above[x + 1]) &+ 2 &* Int32(row[x + 1]) &+ Int32(below[x + 1])
      let left = unsafe Int32(above[x - 1]) &+ 2 &* Int32(row[x - 1]) &+ Int32(below[x - 1])
      let bottom = unsafe Int32(below[x - 1]) &+ 2 &* Int32(below[x]) &+ Int32(below[x + 1])
      let top = unsafe Int32(above[x - 1]) &+ 2 &* Int32(above[x]) &+ Int32(above[x + 1])
      let (dx, dy) = (right &- left, bottom &- top)
      magnitudes += Double(dx &* dx &+ dy &* dy).squareRoot()
      across.add(UInt8(truncatingIfNeeded: abs(dx) / 4))
      down.add(UInt8(truncatingIfNeeded: abs(dy) / 4))
    }
  }

  static func + (left: Self, right: Self) -> Self {
    var sum = Self()
    sum.magnitudes = left.magnitudes + right.magnitudes
    sum.across = left.across + right.across
    sum.down = left.down + right.down
    return sum
  }

  /// The sum of the magnitudes; an edge from black to white counts as 1.
  var sum: Double { magnitudes / (4 * 255) }

  /// The 99th percentile of the gradients, on the same scale, in the direction in which it is lower.
  var strongest: Double { Double(min(across.percentile(0.99), down.percentile(0.99))) / 255 }
}
