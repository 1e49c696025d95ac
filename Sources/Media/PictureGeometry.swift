internal import Decoding

/// Sizes on the way from a decoded frame to the thumbnail: cover crop, centred, never enlarged, even.
struct PictureGeometry: Equatable {
  /// What is cut out of the upright picture with square pixels, before scaling.
  let scaledWidth: Int
  let scaledHeight: Int
  let width: Int
  let height: Int

  /// - Parameters:
  ///   - displayedWidth: of the upright picture in square pixels.
  ///   - aspect: the shape wanted.
  ///   - longerSide: of the picture wanted, in pixels.
  init(displayedWidth: Double, displayedHeight: Double, aspect: AspectRatio, longerSide: Int) {
    let target = aspect.size(longerSide: longerSide)
    let ratio = aspect == .landscape ? 16.0 / 9 : 9.0 / 16
    // The largest crop of that shape, then no larger than the target.
    let cropWidth = min(displayedWidth, displayedHeight * ratio)
    let cropHeight = min(displayedHeight, displayedWidth / ratio)
    let scale = min(1, Double(longerSide) / max(cropWidth, cropHeight))
    width = Self.even(min(cropWidth * scale, Double(target.width)))
    height = Self.even(min(cropHeight * scale, Double(target.height)))
    // Rounded up, so that the crop never reaches beyond the picture; one that keeps its size is not scaled for the sake of an even number.
    func scaled(_ side: Double, atLeast least: Int) -> Int {
      max(least, scale == 1 ? Int(side.rounded()) : Self.even((side * scale).rounded(.up) + 1))
    }
    scaledWidth = scaled(displayedWidth, atLeast: width)
    scaledHeight = scaled(displayedHeight, atLeast: height)
  }

  private static func even(_ value: Double) -> Int { max(2, Int(value) / 2 * 2) }
}
