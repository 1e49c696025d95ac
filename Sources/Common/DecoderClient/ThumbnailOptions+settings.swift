package import Decoding
package import Settings

extension ThumbnailOptions {
  package init(_ reader: inout SettingsReader) {
    self.init()
    reader.begin("Pictures")
    formats = reader.choices(
      "THUMBNAIL_FORMATS", fallback: formats,
      meaning: "formats each video's picture is made in; `thumbnail_url` is the JPEG where that is among them")
    sizes = reader.integers(
      "THUMBNAIL_SIZES", fallback: sizes, in: Self.sides, atMost: Self.mostSizes,
      meaning: "longer sides of the pictures; `thumbnail_url` is the largest up to \(AspectRatio.usualSide), the others are in "
        + "`thumbnail_metadata.sizes`")
    jpegQuality = reader.integer(
      "THUMBNAIL_JPEG_QUALITY", fallback: jpegQuality, in: Self.jpegQualities,
      meaning: "quantiser scale; the lowest is the best")
    webpQuality = reader.integer(
      "THUMBNAIL_WEBP_QUALITY", fallback: webpQuality, in: Self.webpQualities, meaning: "quality; the highest is the best")
    webpMethod = reader.integer(
      "THUMBNAIL_WEBP_METHOD", fallback: webpMethod, in: Self.webpMethods,
      meaning: "how long the fewest bytes are looked for; 0 is the fastest")
    avifQuality = reader.integer(
      "THUMBNAIL_AVIF_QUALITY", fallback: avifQuality, in: Self.avifQualities,
      meaning: "quantiser scale; the lowest is the best")
  }
}
