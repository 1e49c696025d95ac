internal import CLibAV

/// What a transparent picture is laid on.
enum Ground {
  case black, white

  /// Mean luma of what is drawn, 0 to 1, below which it cannot be told from black.
  private static let dark = 0.2

  /// Black, unless what is drawn is itself so dark that it would not be seen.
  ///
  /// - Parameter small: a small copy with alpha, as planes of 8 bits (`gbrap`).
  init(for small: borrowing Frame) {
    let raw = unsafe small.raw.pointee
    var (drawn, luma) = (0, 0)
    for y in 0..<small.height {
      let green = unsafe raw.data.0! + y * Int(raw.linesize.0)
      let blue = unsafe raw.data.1! + y * Int(raw.linesize.1)
      let red = unsafe raw.data.2! + y * Int(raw.linesize.2)
      let alpha = unsafe raw.data.3! + y * Int(raw.linesize.3)
      for x in 0..<small.width {
        let opacity = unsafe Int(alpha[x])
        drawn += opacity
        luma += unsafe opacity * (299 * Int(red[x]) + 587 * Int(green[x]) + 114 * Int(blue[x]))
      }
    }
    let mean = drawn == 0 ? 1 : Double(luma) / Double(drawn) / 255_000
    self = mean < Self.dark ? .white : .black
  }

  /// From a picture with alpha to one without, in libavfilter's own notation. On white it is the negative that is laid on black.
  var filters: [String] {
    switch self {
    case .black: ["format=gbrap", "premultiply=inplace=1", "format=gbrp"]
    case .white: ["format=gbrap", "negate", "premultiply=inplace=1", "format=gbrp", "negate"]
    }
  }
}
