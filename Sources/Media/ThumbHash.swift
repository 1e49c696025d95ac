internal import Glibc

/// The placeholder of about 25 bytes that a page paints before the picture has loaded: ThumbHash, the algorithm published by Evan Wallace
/// (https://evanw.github.io/thumbhash), for opaque pictures.
///
/// Luma and two colour differences are each stored as a few of the lowest frequencies of a cosine transform, in 4 bits.
enum ThumbHash {
  /// The longest side that a picture may have.
  static let longestSide = 100

  /// - Parameters:
  ///   - rgb: three bytes a pixel, row by row.
  ///   - width: 1 to 100.
  ///   - height: 1 to 100.
  static func bytes(rgb: [UInt8], width: Int, height: Int) -> [UInt8] {
    let count = width * height
    var channels = [[Double]](repeating: [Double](repeating: 0, count: count), count: 3)
    for pixel in 0..<count {
      let (red, green, blue) = (
        Double(rgb[3 * pixel]) / 255, Double(rgb[3 * pixel + 1]) / 255, Double(rgb[3 * pixel + 2]) / 255
      )
      channels[0][pixel] = (red + green + blue) / 3
      channels[1][pixel] = (red + green) / 2 - blue
      channels[2][pixel] = red - green
    }
    let longer = Double(max(width, height))
    let across = max(1, Int((7 * Double(width) / longer).rounded()))
    let down = max(1, Int((7 * Double(height) / longer).rounded()))
    let luma = Channel(channels[0], width: width, height: height, across: max(3, across), down: max(3, down))
    let first = Channel(channels[1], width: width, height: height, across: 3, down: 3)
    let second = Channel(channels[2], width: width, height: height, across: 3, down: 3)
    let isLandscape = width > height
    let head =
      quantised(luma.mean, 63) | quantised(0.5 + 0.5 * first.mean, 63) << 6 | quantised(0.5 + 0.5 * second.mean, 63) << 12
      | quantised(luma.scale, 31) << 18
    let rest =
      (isLandscape ? down : across) | quantised(first.scale, 63) << 3 | quantised(second.scale, 63) << 9
      | (isLandscape ? 1 << 15 : 0)
    var hash = [head, head >> 8, head >> 16, rest, rest >> 8].map { UInt8(truncatingIfNeeded: $0) }
    let waves = (luma.waves + first.waves + second.waves).map { UInt8(quantised($0, 15)) }
    for index in stride(from: 0, to: waves.count, by: 2) {
      hash.append(waves[index] | (index + 1 < waves.count ? waves[index + 1] << 4 : 0))
    }
    return hash
  }

  private static func quantised(_ value: Double, _ steps: Double) -> Int { Int((value * steps).rounded()) }

  /// The lowest frequencies of one channel.
  private struct Channel {
    private(set) var mean = 0.0
    /// The amplitude of the strongest wave.
    private(set) var scale = 0.0
    /// The amplitudes relative to the strongest one, mapped to 0 to 1.
    private(set) var waves: [Double] = []

    init(_ values: [Double], width: Int, height: Int, across: Int, down: Int) {
      for row in 0..<down {
        for column in 0..<across where column * down < across * (down - row) {
          let horizontal = Self.wave(column, width)
          let vertical = Self.wave(row, height)
          var sum = 0.0
          // Summed in the order of the published program: a wave of zero lies between two steps, and the last bit decides.
          for y in 0..<height {
            for x in 0..<width { sum += values[x + y * width] * horizontal[x] * vertical[y] }
          }
          sum /= Double(width * height)
          if row == 0 && column == 0 {
            mean = sum
          } else {
            waves.append(sum)
            scale = max(scale, abs(sum))
          }
        }
      }
      if scale > 0 { waves = waves.map { 0.5 + 0.5 / scale * $0 } }
    }

    private static func wave(_ frequency: Int, _ length: Int) -> [Double] {
      (0..<length).map { cos(Double.pi / Double(length) * Double(frequency) * (Double($0) + 0.5)) }
    }
  }
}
