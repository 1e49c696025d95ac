/// What a picture is encoded as: `THUMBNAIL_FORMATS`. How, Media says.
package enum ImageFormat: String, Sendable, CaseIterable {
  case jpeg, webp, avif

  package var contentType: String { "image/\(rawValue)" }
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
}
