package import Settings

/// What the picture should be like.
package struct ThumbnailOptions: Sendable {
  /// Nil for the shape nearest to the displayed video.
  package var aspectRatio: AspectRatio?
  /// An exact second instead of a choice.
  package var timeSeconds: Double?
  /// `THUMBNAIL_JPEG_QUALITY`: quantiser scale, 1 (best) to 31 (3).
  package var jpegQuality = 3

  package init() {}

  package init(_ reader: inout SettingsReader) {
    jpegQuality = reader.integer("THUMBNAIL_JPEG_QUALITY", fallback: jpegQuality, in: 1...31)
  }
}
