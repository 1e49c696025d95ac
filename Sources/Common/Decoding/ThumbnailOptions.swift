/// What the picture should be like.
package struct ThumbnailOptions: Sendable, Equatable {
  /// Nil for the shape nearest to the displayed video.
  package var aspectRatio: AspectRatio?
  /// An exact second instead of a choice.
  package var timeSeconds: Double?
  /// `THUMBNAIL_FORMAT`: `jpeg` or `webp`.
  package var format = ImageFormat.jpeg
  /// `THUMBNAIL_JPEG_QUALITY`: quantiser scale, 1 (best) to 31 (3).
  package var jpegQuality = 3
  /// `THUMBNAIL_WEBP_QUALITY`: 1 to 100 (best) (80).
  package var webpQuality = 80

  package init() {}
}
