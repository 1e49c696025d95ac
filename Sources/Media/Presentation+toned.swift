internal import Decoding

extension Presentation {
  /// Scales a picture and converts it to sRGB if its colours are not ordinary: high dynamic range, wide, or Dolby Vision's own.
  ///
  /// - Parameters:
  ///   - scale: the filter that scales it.
  ///   - background: the background for transparent parts.
  ///   - last: filters that follow; their input is planar RGB.
  /// - Returns: nil for a picture of ordinary colours.
  func toned(_ frame: borrowing Frame, scale: String, background: Background, last: [String]) throws(MediaError) -> Frame? {
    let first = prefix(of: frame)
    if isDolbyVision5 {
      // libavfilter has no filter for the step in between.
      let scaled = try FilterGraph.run(frame, chain: Self.joined(first + [scale, "format=yuv444p12le"]))
      let light = try IPTPicture.light(of: scaled)
      return try FilterGraph.run(light, chain: Self.joined(FrameColour.toneMapping(primaries: "2020") + last))
    }
    let colour = FrameColour(of: frame)
    guard let toDisplay = colour.toDisplay else { return nil }
    let scaled = colour.untold + ["\(scale):\(colour.sameRange)", "format=\(colour.planes)"]
    return try FilterGraph.run(
      frame, chain: Self.joined(first + scaled + toDisplay + (frame.hasAlpha ? background.filters : []) + last))
  }

  private static func joined(_ filters: [String]) -> String { filters.joined(separator: ",") }
}
