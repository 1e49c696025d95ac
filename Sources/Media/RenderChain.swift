internal import CLibAV
internal import Decoding

/// The filters from a decoded frame to a picture that can be encoded.
///
/// Everything is scaled first, while the picture still lies as it was coded, so that tone-mapping, turning and cropping
/// touch few pixels.
struct RenderChain {
  let orientation: Orientation
  let geometry: PictureGeometry
  let format: ImageFormat

  /// In libavfilter's own notation.
  func filters(of frame: borrowing Frame) -> String {
    let colour = FrameColour(of: frame)
    let size =
      orientation.swapsSides
      ? "\(geometry.scaledHeight):\(geometry.scaledWidth)" : "\(geometry.scaledWidth):\(geometry.scaledHeight)"
    let flags = "flags=bicubic+accurate_rnd"
    var chain: [String] = []
    // A keyframe comes alone: `bwdif` would find nothing moving and weave its fields, `estdif` works within the frame.
    if frame.isInterlaced { chain.append("estdif=mode=frame:deint=interlaced") }
    if frame.hasAlpha {
      // What is transparent is black.
      chain += [
        "scale=\(size):\(flags):in_color_matrix=\(colour.swscaleMatrix)", "format=gbrap", "premultiply=inplace=1",
        "format=gbrp",
      ]
    } else if let toneMapping = colour.toDisplay {
      chain += ["scale=\(size):\(flags)", "format=yuv444p12le"] + toneMapping
    } else if frame.hasWholeChroma {
      // From one matrix to another `scale` goes by way of RGB in 8 bits, which gives greys a tint, and takes twice as long.
      chain.append(
        "zscale=\(size):filter=bicubic:\(colour.zscaleInput):matrix=170m:range=\(format == .jpeg ? "full" : "limited")")
    } else {
      chain.append("scale=\(size):\(flags):in_color_matrix=\(colour.swscaleMatrix):\(output)")
    }
    if frame.hasAlpha || colour.toDisplay != nil { chain.append("scale=\(flags):\(output)") }
    return (chain + ["format=\(pixelFormat)"] + orientation.filters + ["crop=\(geometry.width):\(geometry.height)"])
      .joined(separator: ",")
  }

  /// JFIF is BT.601 in full range, WebP BT.601 in limited range.
  private var output: String { "out_color_matrix=bt601:out_range=\(format == .jpeg ? "full" : "limited")" }
  private var pixelFormat: String { format == .jpeg ? "yuvj420p" : "yuv420p" }
}
