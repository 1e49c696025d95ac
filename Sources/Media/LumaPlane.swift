internal import CLibAV

/// Measures the luma plane of an 8-bit picture.
struct LumaPlane {
  private(set) var levels = LevelHistogram()
  let edges: EdgeStrengths
  /// The edges of the middle of the picture, half as wide and half as high.
  let edgesOfMiddle: EdgeStrengths
  /// The correlation of pixels with their neighbours beside or below them, whichever is higher: 1 (all alike) to below 0.
  let likeness: Double

  /// - Parameter frame: its first plane has one byte a pixel.
  init(of frame: borrowing Frame) {
    let (width, height) = (frame.width, frame.height)
    let stride = unsafe Int(frame.raw.pointee.linesize.0)
    let data = unsafe UnsafePointer(frame.raw.pointee.data.0!)
    for y in 0..<height {
      let row = unsafe data + y * stride
      for x in 0..<width { unsafe levels.add(row[x]) }
    }
    var (across, down) = (0, 0)
    for y in 0..<height - 1 {
      let row = unsafe data + y * stride
      for x in 0..<width - 1 {
        let (right, below) = unsafe (Int(row[x]) - Int(row[x + 1]), Int(row[x]) - Int(row[x + stride]))
        across += right * right
        down += below * below
      }
    }
    let pairs = Double(max(1, (width - 1) * (height - 1)))
    likeness = levels.variance > 0 ? 1 - Double(min(across, down)) / pairs / (2 * levels.variance) : 1
    var middle = EdgeStrengths()
    var around = EdgeStrengths()
    let inner = 1..<max(1, width - 1)
    let columns = (width / 4..<width - width / 4).clamped(to: inner)
    let rows = height / 4..<height - height / 4
    for y in 1..<max(1, height - 1) {
      let row = unsafe data + y * stride
      let (above, below) = unsafe (row - stride, row + stride)
      guard rows.contains(y) else {
        unsafe around.add(inner, of: row, above: above, below: below)
        continue
      }
      unsafe around.add(inner.lowerBound..<columns.lowerBound, of: row, above: above, below: below)
      unsafe middle.add(columns, of: row, above: above, below: below)
      unsafe around.add(columns.upperBound..<inner.upperBound, of: row, above: above, below: below)
    }
    edges = around + middle
    edgesOfMiddle = middle
  }
}
