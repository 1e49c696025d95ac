internal import Decoding

/// Sizes on the way from a decoded frame to the thumbnail: scaled to cover it and cropped from the centre, never enlarged, with even sides.
struct PictureGeometry: Equatable {
  /// The size to which the whole upright picture is scaled before it is cropped to ``width`` by ``height``.
  let scaledWidth: Int
  let scaledHeight: Int
  let width: Int
  let height: Int

  /// - Parameters:
  ///   - displayedWidth: width of the upright picture in square pixels.
  ///   - aspect: the shape of the thumbnail.
  ///   - longerSide: the longest side that the thumbnail may have, in pixels.
  init(displayedWidth: Double, displayedHeight: Double, aspect: AspectRatio, longerSide: Int) {
    let target = aspect.size(longerSide: longerSide)
    let ratio = aspect == .landscape ? 16.0 / 9 : 9.0 / 16
    // The largest crop of that shape, reduced to the target's size if it is larger.
    let cropWidth = min(displayedWidth, displayedHeight * ratio)
    let cropHeight = min(displayedHeight, displayedWidth / ratio)
    let scale = min(1, Double(longerSide) / max(cropWidth, cropHeight))
    width = Self.even(min(cropWidth * scale, Double(target.width)))
    height = Self.even(min(cropHeight * scale, Double(target.height)))
    // Rounded up, so that the crop fits into the picture. A picture that keeps its size is not scaled only to get even sides.
    func scaled(_ side: Double, atLeast least: Int) -> Int {
      max(least, scale == 1 ? Int(side.rounded()) : Self.even((side * scale).rounded(.up) + 1))
    }
    scaledWidth = scaled(displayedWidth, atLeast: width)
    scaledHeight = scaled(displayedHeight, atLeast: height)
  }

  private static func even(_ value: Double) -> Int { max(2, Int(value) / 2 * 2) }
}
