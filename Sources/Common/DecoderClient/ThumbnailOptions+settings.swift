package import Decoding
package import Settings

extension ThumbnailOptions {
  /// Reads the settings `THUMBNAIL_…`. Shape and second stay nil, since they come with each video.
  package init(_ reader: inout SettingsReader) {
    self.init()
    reader.begin("Pictures")
    formats = reader.choices(
      "THUMBNAIL_FORMATS", fallback: formats,
      meaning: "formats each video's picture is made in")
    sizes = reader.integers(
      "THUMBNAIL_SIZES", fallback: sizes, in: Self.sides, atMost: Self.mostSizes,
      meaning: "longer sides of the pictures; which one is `thumbnail_url`: [formats.md](formats.md#what-is-made)")
    for format in ImageFormat.allCases {
      self[qualityOf: format] = reader.integer(
        "THUMBNAIL_\(format.rawValue.uppercased())_QUALITY", fallback: format.quality.fallback, in: format.quality.range,
        meaning: format.quality.meaning)
    }
    webpMethod = reader.integer(
      "THUMBNAIL_WEBP_METHOD", fallback: webpMethod, in: Self.webpMethods,
      meaning: "effort to save bytes; 0 is the fastest")
  }
}
