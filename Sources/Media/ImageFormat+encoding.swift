internal import CLibAV
internal import Decoding

extension ImageFormat {
  /// How the format is encoded.
  var coding: Coding {
    switch self {
    case .jpeg:
      // JFIF is BT.601 in full range; `mjpeg` makes optimal Huffman tables.
      Coding(
        pixelFormat: AV_PIX_FMT_YUVJ420P, isFullRange: true, container: nil, quantiser: { $0[qualityOf: .jpeg] },
        privateSettings: { _ in [:] })
    case .webp:
      Coding(pixelFormat: AV_PIX_FMT_YUV420P, isFullRange: false, container: nil) {
        ["quality": "\($0[qualityOf: .webp])", "compression_level": "\($0.webpMethod)"]
      }
    case .avif:
      // Speed 8 takes three quarters of the time and a fifth more bytes at equal quality; 6 takes twice the time and saves a seventh.
      Coding(pixelFormat: AV_PIX_FMT_YUV420P, isFullRange: true, container: "avif") {
        ["crf": "\($0[qualityOf: .avif])", "cpu-used": "7", "tune": "ssim", "usage": "allintra", "still-picture": "1"]
      }
    }
  }

  /// Whether this libavcodec can encode the format.
  var isEncodable: Bool {
    unsafe avcodec_find_encoder_by_name(encoder) != nil
      && coding.container.map { unsafe av_guess_format($0, nil, nil) != nil } ?? true
  }

  struct Coding {
    /// The encoder's input format, without alpha.
    let pixelFormat: AVPixelFormat
    /// Whether luma goes from 0 to 255 instead of 16 to 235. The matrix is always BT.601.
    let isFullRange: Bool
    /// libavformat's name of the container that the coded picture needs; nil if the coded picture is a file already.
    let container: String?
    /// A fixed quantiser scale, 1 to 31; nil if the quality is one of the encoder's own settings.
    var quantiser: @Sendable (ThumbnailOptions) -> Int? = { _ in nil }
    /// The encoder's own settings.
    let privateSettings: @Sendable (ThumbnailOptions) -> [String: String]

    /// Whether a frame made for the other coding can be encoded without conversion. `yuvj420p` is `yuv420p` in full range.
    func takesFrames(of other: Coding) -> Bool {
      isFullRange == other.isFullRange && planes == other.planes
    }

    private var planes: AVPixelFormat { pixelFormat == AV_PIX_FMT_YUVJ420P ? AV_PIX_FMT_YUV420P : pixelFormat }

    /// libavfilter's names of pixel format and range.
    var pixelFormatName: String { unsafe String(cString: av_get_pix_fmt_name(pixelFormat)) }
    var rangeName: String { isFullRange ? "full" : "limited" }
  }
}
