internal import CLibAV
internal import Decoding

extension ImageFormat {
  /// All that is to be known of the format.
  var description: Description {
    switch self {
    case .jpeg:
      // JFIF is BT.601 in full range; `mjpeg` makes optimal Huffman tables.
      Description(
        encoder: "mjpeg", pixelFormat: AV_PIX_FMT_YUVJ420P, isFullRange: true,
        privateSettings: { _ in [:] },
        quantiser: { $0.jpegQuality })
    case .webp:
      Description(
        encoder: "libwebp", pixelFormat: AV_PIX_FMT_YUV420P, isFullRange: false,
        privateSettings: { ["quality": "\($0.webpQuality)", "compression_level": "4"] }, quantiser: { _ in nil })
    }
  }

  struct Description {
    /// libavcodec's name.
    let encoder: String
    /// What the encoder is given; without alpha.
    let pixelFormat: AVPixelFormat
    /// Luma from 0 to 255 instead of 16 to 235; the matrix is BT.601.
    let isFullRange: Bool
    /// The encoder's own settings.
    let privateSettings: @Sendable (ThumbnailOptions) -> [String: String]
    /// A fixed quantiser scale, 1 to 31; nil where quality is one of the encoder's own settings.
    let quantiser: @Sendable (ThumbnailOptions) -> Int?

    /// libavfilter's names.
    var pixelFormatName: String { unsafe String(cString: av_get_pix_fmt_name(pixelFormat)) }
    var rangeName: String { isFullRange ? "full" : "limited" }
  }
}
