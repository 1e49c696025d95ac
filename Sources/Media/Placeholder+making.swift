internal import CLibAV
internal import Decoding

extension Placeholder {
  /// - Parameters:
  ///   - picture: the picture as it is encoded.
  ///   - format: the format for which it was made.
  init(of picture: borrowing Frame, format: ImageFormat) throws(MediaError) {
    let factor = min(1, Double(ThumbHash.longestSide) / Double(max(picture.width, picture.height)))
    let (width, height) = (max(1, Int(Double(picture.width) * factor)), max(1, Int(Double(picture.height) * factor)))
    let range = format.coding.rangeName
    let small = try FilterGraph.run(
      picture, chain: "scale=\(width):\(height):flags=area:in_color_matrix=bt601:in_range=\(range),format=rgb24")
    var rgb: [UInt8] = []
    rgb.reserveCapacity(3 * width * height)
    for y in 0..<height {
      let row = unsafe small.raw.pointee.data.0! + y * Int(small.raw.pointee.linesize.0)
      unsafe rgb.append(contentsOf: UnsafeBufferPointer(start: row, count: 3 * width))
    }
    self.init(rgb: rgb, width: width, height: height)
  }

  /// - Parameter rgb: three bytes a pixel.
  init(rgb: [UInt8], width: Int, height: Int) {
    self.init(
      thumbHash: ThumbHash.bytes(rgb: rgb, width: width, height: height), dominantColour: Self.dominantColour(rgb))
  }

  /// Divides the colour cube into 512 equal parts, and returns the mean of the pixels in the fullest one.
  private static func dominantColour(_ rgb: [UInt8]) -> Int {
    var parts = [SIMD4<Int>](repeating: .zero, count: 512)
    for start in stride(from: 0, to: rgb.count, by: 3) {
      let colour = SIMD4(Int(rgb[start]), Int(rgb[start + 1]), Int(rgb[start + 2]), 1)
      parts[colour.x / 32 * 64 + colour.y / 32 * 8 + colour.z / 32] &+= colour
    }
    let fullest = parts.max { $0.w < $1.w } ?? .zero
    let count = max(fullest.w, 1)
    return (fullest.x / count) << 16 | (fullest.y / count) << 8 | fullest.z / count
  }
}
