internal import CLibAV

/// What a small grey copy of a picture tells about it.
///
/// Sources: dark and flat gates after hecate (Song et al., "To Click or Not To Click", CIKM 2016), variance after GNOME
/// Totem's thumbnailer.
struct LumaStatistics: Equatable {
  /// Mean luma, 0 (black) to 1 (white).
  let mean: Double
  /// Variance of luma in units of 8-bit levels squared.
  let variance: Double
  /// Mean Sobel gradient magnitude, 0 to about 1.
  let sharpness: Double

  /// Longer side of the copy that is measured, in pixels.
  static let side = 160

  /// - Parameter frame: of pixel format gray.
  init(gray frame: borrowing Frame) {
    let width = frame.width
    let height = frame.height
    let stride = unsafe Int(frame.raw.pointee.linesize.0)
    let data = unsafe frame.raw.pointee.data.0!
    func pixel(_ x: Int, _ y: Int) -> Double { unsafe Double(data[y * stride + x]) }
    var sum = 0.0
    var squares = 0.0
    var gradients = 0.0
    for y in 0..<height {
      for x in 0..<width {
        let value = pixel(x, y)
        sum += value
        squares += value * value
        guard x > 0, y > 0, x < width - 1, y < height - 1 else { continue }
        let dx =
          pixel(x + 1, y - 1) + 2 * pixel(x + 1, y) + pixel(x + 1, y + 1)
          - pixel(x - 1, y - 1) - 2 * pixel(x - 1, y) - pixel(x - 1, y + 1)
        let dy =
          pixel(x - 1, y + 1) + 2 * pixel(x, y + 1) + pixel(x + 1, y + 1)
          - pixel(x - 1, y - 1) - 2 * pixel(x, y - 1) - pixel(x + 1, y - 1)
        gradients += (dx * dx + dy * dy).squareRoot()
      }
    }
    let count = Double(max(width * height, 1))
    mean = sum / count / 255
    variance = max(0, squares / count - (sum / count) * (sum / count))
    sharpness = gradients / count / (4 * 255)
  }

  /// Why the picture is no good thumbnail; nil when it may be one.
  var rejection: Rejection? {
    if mean <= 0.075 { return .dark }
    if mean >= 0.95 { return .bright }
    if variance <= 256 { return .flat }
    return nil
  }
}
