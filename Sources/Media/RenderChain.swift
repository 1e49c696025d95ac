internal import CLibAV

/// The filters from a decoded frame to a JPEG-ready picture.
enum RenderChain {
  /// Scales first, while the picture still lies as it was coded, so that turning and cropping touch few pixels.
  static func filters(of frame: borrowing Frame, orientation: Orientation, geometry: PictureGeometry) -> String {
    let size =
      orientation.swapsSides
      ? (geometry.scaledHeight, geometry.scaledWidth) : (geometry.scaledWidth, geometry.scaledHeight)
    // JFIF is BT.601, full range.
    let scale =
      "scale=\(size.0):\(size.1):flags=bicubic+accurate_rnd+full_chroma_int:in_color_matrix=\(matrix(of: frame))"
      + ":out_color_matrix=bt601:out_range=full"
    return ([scale, "format=yuvj420p"] + orientation.filters + ["crop=\(geometry.width):\(geometry.height)"])
      .joined(separator: ",")
  }

  /// The tagged colour matrix; where there is none, what players assume: BT.709 for HD, BT.601 below.
  private static func matrix(of frame: borrowing Frame) -> String {
    switch unsafe frame.raw.pointee.colorspace {
    case AVCOL_SPC_BT709: "bt709"
    case AVCOL_SPC_BT470BG, AVCOL_SPC_SMPTE170M: "bt601"
    case AVCOL_SPC_SMPTE240M: "smpte240m"
    case AVCOL_SPC_FCC: "fcc"
    case AVCOL_SPC_BT2020_NCL, AVCOL_SPC_BT2020_CL: "bt2020"
    default: frame.height >= 720 || frame.width >= 1280 ? "bt709" : "bt601"
    }
  }
}
