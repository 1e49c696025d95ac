internal import Decoding

extension Presentation {
  /// A scaled picture in sRGB, where its colours are no ordinary ones: high dynamic range, wide, or Dolby Vision's own.
  ///
  /// - Parameters:
  ///   - scale: the filter that scales it.
  ///   - ground: what transparent parts are laid on.
  ///   - last: filters that follow, from planes of red, green and blue on.
  /// - Returns: nil for a picture of ordinary colours.
  func toned(_ frame: borrowing Frame, scale: String, ground: Ground, last: [String]) throws(MediaError) -> Frame? {
    let first = prefix(of: frame)
    if isDolbyVision5 {
      // What libavfilter has no word for is done in between.
      let scaled = try FilterGraph.run(frame, chain: Self.joined(first + [scale, "format=yuv444p12le"]))
      let light = try IPTPicture.light(of: scaled)
      return try FilterGraph.run(light, chain: Self.joined(FrameColour.toneMapping(primaries: "2020") + last))
    }
    let colour = FrameColour(of: frame)
    guard let toDisplay = colour.toDisplay else { return nil }
    let scaled = colour.untold + ["\(scale):\(colour.sameRange)", "format=\(colour.planes)"]
    return try FilterGraph.run(
      frame, chain: Self.joined(first + scaled + toDisplay + (frame.hasAlpha ? ground.filters : []) + last))
  }

  private static func joined(_ filters: [String]) -> String { filters.joined(separator: ",") }
}
