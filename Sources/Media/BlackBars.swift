internal import CLibAV

/// The black bars that fill a frame of another shape: above and below a film, or beside what an upright telephone has recorded.
enum BlackBars {
  /// From this level of luma on, a pixel is none of a bar's.
  private static let dark: UInt8 = 24
  /// The least share of a side that a bar has, and the most.
  private static let shares = 0.04...0.4
  /// How much two bars may differ, in pixels.
  private static let tolerance = 2

  /// The bars on two opposite sides; none if there are others, as around a title.
  ///
  /// - Parameter frame: a small copy, whose first plane has one byte a pixel.
  static func around(_ frame: borrowing Frame) -> CropBox {
    let (width, height) = (frame.width, frame.height)
    let stride = unsafe Int(frame.raw.pointee.linesize.0)
    let data = unsafe UnsafePointer(frame.raw.pointee.data.0!)
    func isDark(row: Int) -> Bool { (0..<width).allSatisfy { unsafe data[row * stride + $0] < dark } }
    func isDark(column: Int) -> Bool { (0..<height).allSatisfy { unsafe data[$0 * stride + column] < dark } }
    func bars(_ side: Int, _ isDark: (Int) -> Bool) -> (first: Int, last: Int) {
      let first = (0..<side).first { !isDark($0) } ?? side
      return (first, (0..<side - first).first { !isDark(side - 1 - $0) } ?? side)
    }
    let (down, across) = (bars(height) { isDark(row: $0) }, bars(width) { isDark(column: $0) })
    if across == (0, 0), isPair(down, height) { return CropBox(top: down.first, bottom: down.last) }
    if down == (0, 0), isPair(across, width) { return CropBox(left: across.first, right: across.last) }
    return CropBox()
  }

  private static func isPair(_ bars: (first: Int, last: Int), _ side: Int) -> Bool {
    abs(bars.first - bars.last) <= tolerance && shares.contains(Double(bars.first) / Double(side))
  }
}
