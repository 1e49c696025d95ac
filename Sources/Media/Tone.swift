internal import CLibAV

/// The colours of a picture, all together.
struct Tone {
  /// Mean saturation: the distance of the two differences of colour from grey, 0 to about 1.
  let saturation: Double
  /// Share of the pixels next to the mean colour, 0 to 1.
  let share: Double

  /// How far from the mean a level of luma and of chroma may be and count as the same tone.
  private static let distance = (luma: Int32(36), chroma: Int32(10))
  private static let grey: Int32 = 128

  /// - Parameter frame: `yuvj444p`.
  init(of frame: borrowing Frame) {
    let raw = unsafe frame.raw.pointee
    let (width, height) = (frame.width, frame.height)
    let count = max(width * height, 1)
    var saturations = 0.0
    var sums = SIMD4<Int>.zero
    for y in 0..<height {
      let (luma, blue, red) = unsafe (
        raw.data.0! + y * Int(raw.linesize.0), raw.data.1! + y * Int(raw.linesize.1), raw.data.2! + y * Int(raw.linesize.2)
      )
      var row = SIMD4<Int32>.zero
      for x in 0..<width {
        let pixel = unsafe SIMD4(Int32(luma[x]), Int32(blue[x]), Int32(red[x]), 0)
        row &+= pixel
        let (u, v) = (pixel.y &- Self.grey, pixel.z &- Self.grey)
        saturations += Double(u &* u &+ v &* v).squareRoot()
      }
      sums &+= SIMD4(truncatingIfNeeded: row)
    }
    let mean = SIMD4<Int32>(truncatingIfNeeded: sums / count)
    var near = 0
    for y in 0..<height {
      let (luma, blue, red) = unsafe (
        raw.data.0! + y * Int(raw.linesize.0), raw.data.1! + y * Int(raw.linesize.1), raw.data.2! + y * Int(raw.linesize.2)
      )
      for x in 0..<width {
        let isNear =
          unsafe abs(Int32(luma[x]) &- mean.x) <= Self.distance.luma && abs(Int32(blue[x]) &- mean.y) <= Self.distance.chroma
          && abs(Int32(red[x]) &- mean.z) <= Self.distance.chroma
        near &+= isNear ? 1 : 0
      }
    }
    saturation = min(1, saturations / Double(count) / Double(Self.grey))
    share = Double(near) / Double(count)
  }
}
