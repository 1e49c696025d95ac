internal import CLibAV

/// The background of a transparent picture.
enum Background {
  case black, white
  /// For a picture that is transparent all over, which is shown as if it were opaque: many programs write 32 bits a pixel and leave the
  /// last 8 at 0.
  case none

  /// If the mean luma of the visible parts, 0 to 1, is as near to black or to white as this, they cannot be told from it.
  private static let margin = 0.2

  /// A picture of no more than this opacity, of 255, in any place is transparent all over: CineForm does not give zeroes back as zeroes.
  private static let faintest: UInt8 = 4

  /// The preferred background, unless the visible parts would not be seen on it.
  ///
  /// - Parameter small: a small copy with alpha, as planes of 8 bits (`gbrap`).
  init(for small: borrowing Frame, preferring preferred: Background) {
    let raw = unsafe small.raw.pointee
    var (drawn, luma, strongest) = (0, 0, UInt8(0))
    for y in 0..<small.height {
      let green = unsafe raw.data.0! + y * Int(raw.linesize.0)
      let blue = unsafe raw.data.1! + y * Int(raw.linesize.1)
      let red = unsafe raw.data.2! + y * Int(raw.linesize.2)
      let alpha = unsafe raw.data.3! + y * Int(raw.linesize.3)
      for x in 0..<small.width {
        let opacity = unsafe Int(alpha[x])
        drawn += opacity
        strongest = unsafe max(strongest, alpha[x])
        luma += unsafe opacity * (299 * Int(red[x]) + 587 * Int(green[x]) + 114 * Int(blue[x]))
      }
    }
    if strongest <= Self.faintest {
      self = .none
      return
    }
    let mean = Double(luma) / Double(drawn) / 255_000
    self = mean < Self.margin ? .white : mean > 1 - Self.margin ? .black : preferred
  }

  /// Filters that turn a picture with alpha into one without, in libavfilter's notation. For white, the negative is laid on black.
  var filters: [String] {
    switch self {
    case .black: ["format=gbrap", "premultiply=inplace=1", "format=gbrp"]
    case .none: ["format=gbrap", "format=gbrp"]
    case .white: ["format=gbrap", "negate", "premultiply=inplace=1", "format=gbrp", "negate"]
    }
  }
}
