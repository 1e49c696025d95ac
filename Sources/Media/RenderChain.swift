internal import CLibAV
internal import Decoding

/// The filters from a decoded frame to a picture that can be encoded.
///
/// Everything is scaled first, while the picture still lies as it was coded, so that tone-mapping, turning and cropping
/// touch few pixels.
struct RenderChain {
  let presentation: Presentation
  let geometry: PictureGeometry
  let format: ImageFormat
  let ground: Ground

  /// The picture itself.
  func run(_ frame: borrowing Frame) throws(MediaError) -> Frame {
    if presentation.isDolbyVision5 {
      // What libavfilter has no word for is done in between.
      let scaled = try FilterGraph.run(
        frame, chain: joined(presentation.prefix(of: frame) + ["scale=\(size):\(flags)", "format=yuv444p12le"]))
      let light = try IPTPicture.light(of: scaled)
      return try FilterGraph.run(
        light, chain: joined(FrameColour.toneMapping(primaries: "2020") + ["scale=\(flags):\(output)"] + last))
    }
    do {
      return try FilterGraph.run(frame, chain: joined(filters(of: frame, isPlain: false)))
    } catch {
      // zimg takes no pictures of some shapes and some combinations of tags.
      return try FilterGraph.run(frame, chain: joined(filters(of: frame, isPlain: true)))
    }
  }

  private func filters(of frame: borrowing Frame, isPlain: Bool) -> [String] {
    let colour = FrameColour(of: frame)
    var chain = presentation.prefix(of: frame)
    if frame.hasAlpha {
      chain += ["scale=\(size):\(flags):\(colour.swscaleInput)"] + ground.filters
    } else if !isPlain, let toneMapping = colour.toDisplay {
      chain += colour.untold + ["scale=\(size):\(flags):\(colour.sameRange)", "format=yuv444p12le"] + toneMapping
    } else if !isPlain, frame.hasWholeChroma {
      // From one matrix to another `scale` goes by way of RGB in 8 bits, which gives greys a tint, and takes twice as long.
      chain.append(
        "zscale=\(size):filter=bicubic:\(colour.zscaleInput):matrix=170m:range=\(format.coding.rangeName)")
    } else {
      return chain + colour.untold + ["scale=\(size):\(flags):\(colour.swscaleInput):\(output)"] + last
    }
    if frame.hasAlpha || colour.toDisplay != nil { chain.append("scale=\(flags):\(output)") }
    return chain + last
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
