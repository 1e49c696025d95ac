internal import CLibAV

/// Figures of the luma plane of an 8-bit picture.
struct LumaPlane {
  let mean: Double
  /// In units of 8-bit levels squared.
  let variance: Double
  /// Mean magnitude of the Sobel gradient, scaled so that a black-white edge is 1.
  let sobelMean: Double
  /// How strong the strongest hundredth of the Sobel gradients is at least, across and down, on the same scale.
  let strongEdges: (across: Double, down: Double)
  /// The same of the middle of the picture, half as wide and half as high.
  let strongEdgesOfMiddle: (across: Double, down: Double)
  private let levels: [Int]
  private let count: Int

  /// - Parameter frame: its first plane has one byte a pixel.
  init(of frame: borrowing Frame) {
    let width = frame.width
    let height = frame.height
    let stride = unsafe Int(frame.raw.pointee.linesize.0)
    let data = unsafe frame.raw.pointee.data.0!
    var levels = [Int](repeating: 0, count: 256)
    var gradients = 0.0
    var across = [Int](repeating: 0, count: 256)
    var down = [Int](repeating: 0, count: 256)
    var middle = (across: across, down: down)
    let columns = width / 4..<max(width / 4 + 1, width - width / 4)
    let rows = height / 4..<max(height / 4 + 1, height - height / 4)
    for y in 0..<height {
      let row = unsafe data + y * stride
      for x in 0..<width { unsafe levels[Int(row[x])] += 1 }
      guard y > 0, y < height - 1, width > 2 else { continue }
      let above = unsafe row - stride
      let below = unsafe row + stride
      for x in 1..<(width - 1) {
        let right = unsafe Int(above[x + 1]) + 2 * Int(row[x + 1]) + Int(below[x + 1])
        let left = unsafe Int(above[x - 1]) + 2 * Int(row[x - 1]) + Int(below[x - 1])
        let bottom = unsafe Int(below[x - 1]) + 2 * Int(below[x]) + Int(below[x + 1])
        let top = unsafe Int(above[x - 1]) + 2 * Int(above[x]) + Int(above[x + 1])
        let (dx, dy) = (Double(right - left), Double(bottom - top))
        gradients += (dx * dx + dy * dy).squareRoot()
        across[abs(right - left) / 4] += 1
        down[abs(bottom - top) / 4] += 1
        if rows.contains(y) && columns.contains(x) {
          middle.across[abs(right - left) / 4] += 1
          middle.down[abs(bottom - top) / 4] += 1
        }
      }
    }
    count = max(width * height, 1)
    self.levels = levels
    let sum = levels.enumerated().reduce(0.0) { $0 + Double($1.offset * $1.element) }
    let squares = levels.enumerated().reduce(0.0) { $0 + Double($1.offset * $1.offset * $1.element) }
    let average = sum / Double(count)
    mean = average / 255
    variance = max(0, squares / Double(count) - average * average)
    sobelMean = gradients / Double(count) / (4 * 255)
    strongEdgesOfMiddle = (Self.upperHundredth(of: middle.across), Self.upperHundredth(of: middle.down))
    strongEdges = (Self.upperHundredth(of: across), Self.upperHundredth(of: down))
  }

  /// The 99th percentile of a histogram of 8-bit figures, 0 to 1.
  private static func upperHundredth(of histogram: [Int]) -> Double {
    let total = histogram.reduce(0, +)
    var above = 0
    let level = histogram.indices.last { level in
      above += histogram[level]
      return above * 100 >= total
    }
    return Double(level ?? 0) / 255
  }

  /// Share of the pixels that are nearly black.
  var darkShare: Double { Double(levels.prefix(Self.nearlyBlack).reduce(0, +)) / Double(count) }
  private static let nearlyBlack = 24

  /// Share of the pixels that lie in the fullest 5 % of 128 bins.
  var shareOfFullestBins: Double {
    histogram(bins: 128).sorted(by: >).prefix(6).reduce(0, +)
  }

  /// The histogram, its sum 1.
  func histogram(bins: Int) -> [Double] {
    var result = [Double](repeating: 0, count: bins)
    for (level, pixels) in levels.enumerated() { result[level * bins / 256] += Double(pixels) / Double(count) }
    return result
  }
}
