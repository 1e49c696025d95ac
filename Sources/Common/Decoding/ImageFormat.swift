/// The format of a picture: `THUMBNAIL_FORMATS`. The module Media encodes it.
package enum ImageFormat: String, Sendable, CaseIterable {
  case jpeg, webp, avif

  /// The `Content-Type` with which pictures are stored.
  package var contentType: String { "image/\(rawValue)" }
  /// The suffix of file names and object keys, without the dot.
  package var fileExtension: String { self == .jpeg ? "jpg" : rawValue }

  /// libavcodec's name of the encoder.
  package var encoder: String {
    switch self {
    case .jpeg: "mjpeg"
    case .webp: "libwebp"
    // SVT-AV1 starts a thread for each of its stages; libaom can do with one thread.
    case .avif: "libaom-av1"
    }
  }

  /// The name under which a host reports that the encoder is missing.
  package var lack: String { "encoder \(encoder)" }

  /// Whether a build of FFmpeg may lack the encoder. That is reported only to those who ask for the format. The encoder is not warmed up
  /// either, since its tables would be in every decoder's memory.
  package var isOptional: Bool {
    switch self {
    case .jpeg, .webp: false
    case .avif: true
    }
  }

  /// The quality setting of the encoder: THUMBNAIL_…_QUALITY. The fallbacks give pictures about equally close to the original
  /// (docs/benchmarks.md).
  package var quality: (range: ClosedRange<Int>, fallback: Int, meaning: String) {
    switch self {
    case .jpeg: (1...31, 5, "quantiser scale; the lowest is the best")
    case .webp: (1...100, 80, "quality; the highest is the best")
    case .avif: (1...63, 28, "quantiser scale; the lowest is the best")
    }
  }
}
