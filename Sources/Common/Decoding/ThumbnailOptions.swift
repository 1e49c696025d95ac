/// What the pictures should be like.
package struct ThumbnailOptions: Sendable, Equatable {
  /// Nil for the shape nearest to the displayed video.
  package var aspectRatio: AspectRatio?
  /// An exact second instead of a choice.
  package var timeSeconds: Double?
  /// `THUMBNAIL_FORMATS`: each picture is made in each of them (`jpeg`).
  package var formats = [ImageFormat.jpeg]
  /// `THUMBNAIL_SIZES`: the longer sides of the pictures, in pixels (960).
  package var sizes = [AspectRatio.usualSide]
  /// `THUMBNAIL_JPEG_QUALITY`: quantiser scale, 1 (best) to 31 (3).
  package var jpegQuality = 3
  /// `THUMBNAIL_WEBP_QUALITY`: 1 to 100 (best) (80).
  package var webpQuality = 80
  /// `THUMBNAIL_AVIF_QUALITY`: quantiser scale, 1 (best) to 63 (28).
  package var avifQuality = 28

  /// Longer sides that can be asked for, in pixels, and how many of them.
  package static let sides = 64...3840
  package static let mostSizes = 6

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
