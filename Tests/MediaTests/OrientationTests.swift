import Decoding
import Testing

@testable import Media

@Suite struct OrientationTests {
  /// Where a display matrix puts a point, for the four corners of a picture of 3 by 2.
  func shown(_ matrix: [Int32], x: Int, y: Int) -> [Int] {
    let unit = matrix.map { Int($0) >> 16 }
    let (width, height) = (2, 1)
    let point = [unit[0] * x + unit[3] * y, unit[1] * x + unit[4] * y]
    // Moved back to where the picture begins.
    let corner = [
      min(0, unit[0] * width) + min(0, unit[3] * height), min(0, unit[1] * width) + min(0, unit[4] * height),
    ]
    return [point[0] - corner[0], point[1] - corner[1]]
  }

  func shown(_ orientation: Orientation, x: Int, y: Int) -> [Int] {
    var (column, row, width, height) = (x, y, 2, 1)
    if orientation.swapsSides { (column, row, width, height) = (y, x, 1, 2) }
    return [orientation.mirrorsX ? width - column : column, orientation.mirrorsY ? height - row : row]
  }

  @Test(arguments: [
    [1, 0, 0, 1], [-1, 0, 0, 1], [1, 0, 0, -1], [-1, 0, 0, -1], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, -1, 0], [0, -1, -1, 0],
  ])
  func everyMatrixPutsEveryCornerWhereItBelongs(linear: [Int32]) {
    let unit: Int32 = 1 << 16
    let matrix = [linear[0] * unit, linear[1] * unit, 0, linear[2] * unit, linear[3] * unit, 0, 0, 0, 1 << 30]
    let orientation = Orientation(displayMatrix: matrix)
    for (x, y) in [(0, 0), (2, 0), (0, 1), (2, 1)] {
      #expect(shown(orientation, x: x, y: y) == shown(matrix, x: x, y: y))
    }
  }

  @Test func nonsenseIsUpright() {
    #expect(Orientation(displayMatrix: [Int32](repeating: 0, count: 9)) == .upright)
    #expect(Orientation(displayMatrix: [1, 2]) == .upright)
    #expect(Orientation(displayMatrix: [.min, .min, 0, .min, .min, 0, 0, 0, 0]).swapsSides == false)
  }
}
