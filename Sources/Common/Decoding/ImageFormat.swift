/// What a picture is encoded as: `THUMBNAIL_FORMATS`. How, Media says.
package enum ImageFormat: String, Sendable, CaseIterable {
  case jpeg, webp, avif

  /// The `Content-Type` its pictures are stored with.
  package var contentType: String { "image/\(rawValue)" }
  /// How names of files and keys of stored pictures end, without the dot.
  package var fileExtension: String { self == .jpeg ? "jpg" : rawValue }

  /// libavcodec's name of what encodes it.
  package var encoder: String {
    switch self {
    case .jpeg: "mjpeg"
    case .webp: "libwebp"
    // SVT-AV1 starts a thread for each of what it might do; libaom does with one.
    case .avif: "libaom-av1"
    }
  }

  /// What a host says that lacks the encoder.
  package var lack: String { "encoder \(encoder)" }

  /// Whether a build of FFmpeg may lack the encoder: only who asks for the format is told. Nor is it warmed up, for its tables would be in
  /// everybody's memory.
  package var isOptional: Bool {
    switch self {
    case .jpeg, .webp: false
    case .avif: true
    }
  }

  /// What its encoder takes as quality: THUMBNAIL_…_QUALITY. The fallbacks give pictures that are about equally near the original
  /// (docs/benchmarks.md).
  package var quality: (range: ClosedRange<Int>, fallback: Int, meaning: String) {
    switch self {
    case .jpeg: (1...31, 5, "quantiser scale; the lowest is the best")
    case .webp: (1...100, 80, "quality; the highest is the best")
    case .avif: (1...63, 28, "quantiser scale; the lowest is the best")
    }
  }
}
