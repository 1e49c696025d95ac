package import Decoding
package import Settings

extension ThumbnailOptions {
  package init(_ reader: inout SettingsReader) {
    self.init()
    formats = reader.choices("THUMBNAIL_FORMATS", fallback: formats)
    sizes = reader.integers("THUMBNAIL_SIZES", fallback: sizes, in: Self.sides, atMost: Self.mostSizes)
    jpegQuality = reader.integer("THUMBNAIL_JPEG_QUALITY", fallback: jpegQuality, in: 1...31)
    webpQuality = reader.integer("THUMBNAIL_WEBP_QUALITY", fallback: webpQuality, in: 1...100)
    avifQuality = reader.integer("THUMBNAIL_AVIF_QUALITY", fallback: avifQuality, in: 1...63)
  }
}
