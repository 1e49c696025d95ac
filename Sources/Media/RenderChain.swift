internal import Decoding

/// The filters from a decoded frame to a picture that can be encoded.
///
/// Scaling comes first, before the picture is turned, so that tone-mapping, turning and cropping have few pixels to process.
struct RenderChain {
  let presentation: Presentation
  let geometry: PictureGeometry
  let format: ImageFormat
  let background: Background

  /// Renders the picture.
  func run(_ frame: borrowing Frame) throws(MediaError) -> Frame {
    do {
      let toned = try presentation.toned(
        frame, scale: "scale=\(size):\(flags)", background: background, last: ["scale=\(flags):\(output)"] + last)
      return try toned ?? FilterGraph.run(frame, chain: joined(filters(of: frame, isPlain: false)))
    } catch {
      // zimg does not support some shapes of pictures and some combinations of tags.
      return try FilterGraph.run(frame, chain: joined(filters(of: frame, isPlain: true)))
    }
  }

  private func filters(of frame: borrowing Frame, isPlain: Bool) -> [String] {
    let colour = FrameColour(of: frame)
    let chain = presentation.prefix(of: frame)
    if frame.hasAlpha {
      return chain + ["scale=\(size):\(flags):\(colour.swscaleInput)"] + background.filters + ["scale=\(flags):\(output)"]
        + last
    }
    if !isPlain, frame.hasWholeChroma {
      // To change the matrix, `scale` converts to RGB in 8 bits, which tints greys and takes twice as long.
      return chain + [
        "zscale=\(size):filter=bicubic:\(colour.zscaleInput):matrix=170m:range=\(format.coding.rangeName)"
      ] + last
    }
    return chain + colour.untold + ["scale=\(size):\(flags):\(colour.swscaleInput):\(output)"] + last
  }

  private var flags: String { "flags=bicubic+accurate_rnd" }

  private var size: String {
    presentation.orientation.swapsSides
      ? "\(geometry.scaledHeight):\(geometry.scaledWidth)" : "\(geometry.scaledWidth):\(geometry.scaledHeight)"
  }

  private var last: [String] {
    ["format=\(format.coding.pixelFormatName)"] + presentation.orientation.filters + [
      "crop=\(geometry.width):\(geometry.height)"
    ]
  }

  private func joined(_ filters: [String]) -> String { filters.joined(separator: ",") }

  private var output: String { "out_color_matrix=bt601:out_range=\(format.coding.rangeName)" }
}
