package import Decoding
package import Settings

extension ThumbnailOptions {
  package init(_ reader: inout SettingsReader) {
    self.init()
    format = reader.choice("THUMBNAIL_FORMAT", fallback: format)
    jpegQuality = reader.integer("THUMBNAIL_JPEG_QUALITY", fallback: jpegQuality, in: 1...31)
    webpQuality = reader.integer("THUMBNAIL_WEBP_QUALITY", fallback: webpQuality, in: 1...100)
  }
}
