internal import CLibAV

/// Statistics of a picture's colours.
struct Tone {
  /// Mean saturation: the distance of the two colour differences from grey, 0 to 1.
  let saturation: Double
  /// Share of the pixels close to the mean colour, 0 to 1.
  let share: Double

  /// How far luma and chroma of a pixel may be from the mean for the same tone.
  private static let distance = SIMD4<Int>(36, 10, 10, 0)
  private static let grey = 128

  /// - Parameter frame: `yuvj420p`. Of luma, only every second pixel of every second row is used, so that there are as many as of chroma.
  init(of frame: borrowing Frame) {
    let raw = unsafe frame.raw.pointee
    let (width, height) = ((frame.width + 1) / 2, (frame.height + 1) / 2)
    var pixels: [SIMD4<UInt8>] = []
    pixels.reserveCapacity(width * height)
    var sums = SIMD4<Int>.zero
    var saturations = 0.0
    for y in 0..<height {
      let luma = unsafe raw.data.0! + 2 * y * Int(raw.linesize.0)
      let blue = unsafe raw.data.1! + y * Int(raw.linesize.1)
      let red = unsafe raw.data.2! + y * Int(raw.linesize.2)
      for x in 0..<width {
        let pixel = unsafe SIMD4(luma[2 * x], blue[x], red[x], 0)
        pixels.append(pixel)
        let levels = SIMD4<Int>(truncatingIfNeeded: pixel)
        sums &+= levels
        let (u, v) = (levels.y - Self.grey, levels.z - Self.grey)
        saturations += Double(u * u + v * v).squareRoot()
      }
    }
    let count = max(pixels.count, 1)
    let mean = sums / count
    let near = pixels.count { pixel in
      let difference = SIMD4<Int>(truncatingIfNeeded: pixel) &- mean
      return all((difference .<= Self.distance) .& (difference .>= 0 &- Self.distance))
    }
    saturation = min(1, saturations / Double(count) / Double(Self.grey))
    share = Double(near) / Double(count)
  }
}
