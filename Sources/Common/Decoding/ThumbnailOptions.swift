/// What the pictures should be like.
package struct ThumbnailOptions: Sendable, Equatable {
  /// Nil for the shape nearest to the displayed video.
  package var aspectRatio: AspectRatio?
  /// An exact second instead of a choice.
  package var timeSeconds: Double?
  /// Each picture is made in each of them.
  package var formats = [ImageFormat.jpeg]
  /// The longer sides of the pictures, in pixels.
  package var sizes = [AspectRatio.usualSide]
  /// Quantiser scale, the lowest is the best.
  package var jpegQuality = 3
  /// The highest is the best.
  package var webpQuality = 80
  /// How long libwebp looks for the fewest bytes: 0 is the fastest. Below 3 its files are no smaller than JPEGs that look as good.
  package var webpMethod = 4
  /// Quantiser scale, the lowest is the best.
  package var avifQuality = 28

  /// Longer sides that can be asked for, in pixels, and how many of them.
  package static let sides = 64...3840
  package static let mostSizes = 6
  package static let jpegQualities = 1...31
  package static let webpQualities = 1...100
  package static let webpMethods = 0...6
  package static let avifQualities = 1...63

  package init() {}

  /// The format of the one picture `thumbnail_url` names: JPEG, which everything shows, where it is among them.
  package var mainFormat: ImageFormat { formats.contains(.jpeg) ? .jpeg : formats.first ?? .jpeg }

  /// The longer side of that picture: the largest up to 960 pixels, else the smallest there is.
  package var mainSide: Int {
    sizes.filter { $0 <= AspectRatio.usualSide }.max() ?? sizes.min() ?? AspectRatio.usualSide
  }

  /// The longer side of the largest picture.
  package var largestSide: Int { sizes.max() ?? AspectRatio.usualSide }
}
