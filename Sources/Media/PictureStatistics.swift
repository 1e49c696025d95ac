internal import Decoding

/// Measures a small copy of a picture.
///
/// Percentiles of luma, saturation and entropy are those of libavfilter's `signalstats` and `entropy`, which also compute a hue for every
/// pixel. The Sobel mean and the share of the fullest bins are computed as hecate does (Song et al., "To Click or Not To Click", CIKM
/// 2016), the variance as GNOME Totem's thumbnailer does.
struct PictureStatistics: Sendable {
  /// Mean luma, 0 (black) to 1 (white).
  let mean: Double
  /// Variance of luma in units of 8-bit levels squared.
  let variance: Double
  /// 10th percentile of luma, 0 to 1.
  let low: Double
  /// 90th minus 10th percentile of luma, 0 to 1: small in the middle of a fade and in fog.
  let range: Double
  /// Mean Sobel gradient magnitude of luma, 0 to about 1.
  let sharpness: Double
  /// The 99th percentile of the edges, 0 to 1, in the direction in which it is lower: small if the picture is out of focus, or if the
  /// camera or its subject moved.
  let edges: Double
  /// Share of the pixels in the fullest 5 % of 128 luma bins: near 1 for flat pictures and title cards.
  let fullestBins: Double
  /// Entropy of the luma histogram, 0 (one level) to 1 (all levels equally often).
  let entropy: Double
  /// Mean saturation, 0 (grey) to 1.
  let saturation: Double
  /// Luma histogram of 32 bins, its sum 1.
  let histogram: [Double]
  /// As ``edges``, but only of the middle of the picture.
  let middleEdges: Double
  /// Share of the pixels that are nearly black.
  let darkShare: Double
  /// Share of the pixels whose colour is close to the mean colour: near 1 for a close-up of one thing.
  let toneShare: Double
  /// Correlation of neighbouring pixels: near 1 for all that lenses and people make, 0.03 for noise.
  let likeness: Double

  /// Longer side of the copy that is measured, in pixels.
  static let side = 320

  /// Why the picture is no good thumbnail; nil if it may be one.
  ///
  /// The thresholds for dark and for variance are hecate's and Totem's. hecate's 0.80 for the fullest bins rejects drawings and screen
  /// recordings, which are sharp. So here a flat picture also has no edges, and no more than four tones of equal shares, whose entropy is a
  /// quarter. The thresholds for sharpness, edges and range are where natural pictures begin: their edges are at least 0.07, and a blur of
  /// a twentieth of the width lowers them to 0.02. Of 300 pictures, none had a likeness below 0.85; noise has 0.04.
  var rejection: Rejection? {
    if mean <= 0.075 && !isDarkPage { return .dark }
    if mean >= 0.93 && !isPage { return .bright }
    if (variance <= 256 || (fullestBins >= 0.90 && sharpness <= 0.04 && entropy <= 0.25)) && !isDarkPage { return .flat }
    if range <= 0.12 && !isPage && !isDarkPage { return .faded }
    if sharpness <= 0.012 || edges <= 0.04 { return .blurred }
    // Dithering in two tones has as low a correlation, but few levels.
    if likeness <= 0.4 && entropy > 0.5 { return .noise }
    return nil
  }

  /// Whether it is a page of text: nearly all white, and sharp. A picture that fades to white loses its edges much earlier.
  private var isPage: Bool { mean >= 0.8 && edges > 0.2 }

  /// Whether it is a page of text on a dark background, as of a terminal or an editor: nearly all of one tone that is not black, and sharp, with
  /// so much text that it has many levels of grey. Titles and credits are on black, and have less: an entropy of up to 0.09. Of night and fog,
  /// the entropy is above 0.3.
  private var isDarkPage: Bool {
    low >= 0.03 && mean <= 0.25
      && (fullestBins >= 0.85 && edges > 0.15 && (0.1...0.3).contains(entropy) || fullestBins >= 0.8 && isFine)
  }

  /// Whether it is as full of text on black as a terminal's window, far sharper than night, or of small text and thin lines, as a chart. Credits
  /// may be, too, so the picture is rejected; but if the whole video has nothing better, it is what the video shows.
  var isBlackPage: Bool {
    mean <= 0.25
      && (sharpness >= 0.05 && edges > 0.15 && likeness > 0.4 && entropy >= 0.15 || fullestBins >= 0.8 && isFine)
  }

  /// Whether it shows no more than a page may: a slide of a few words on white is rejected, too, and is what the video shows if it has nothing
  /// better. Of a picture that has nearly faded to white, edges are lower.
  var isPlainPage: Bool { isBlackPage || mean >= 0.75 && edges > 0.1 }

  /// Whether there is much, and all of it is as thin as small text: neighbouring pixels are less alike than those of what lenses see and of
  /// large letters, and more than those of noise. A title of two words has a sharpness below 0.01.
  private var isFine: Bool { sharpness >= 0.01 && edges > 0.12 && (0.4...0.75).contains(likeness) }

  /// Whether the picture may end the search: sharp in the middle, not half dark, and no close-up of one tone.
  var isConclusive: Bool { rejection == nil && middleEdges >= 0.12 && darkShare <= 0.5 && toneShare <= 0.6 }
}

extension PictureStatistics {
  /// Measures a small copy of `frame` as it will be shown, except for its rotation.
  ///
  /// - Parameters:
  ///   - background: the background for transparent parts.
  ///   - shape: the shape in which it will be shown; nil for the one nearest to its own.
  init(
    of frame: borrowing Frame, presentation: Presentation, background: Background, shape: AspectRatio? = nil
  ) throws(MediaError) {
    let small = try Self.small(frame, presentation, background, shape)
    // What fills the frame says nothing of the picture.
    if let bars = BlackBars.around(small).filter(width: small.width, height: small.height) {
      self.init(measuring: try FilterGraph.run(small, chain: bars))
    } else {
      self.init(measuring: small)
    }
  }

  private static func small(
    _ frame: borrowing Frame, _ presentation: Presentation, _ background: Background, _ shape: AspectRatio?
  ) throws(MediaError) -> Frame {
    let output = "in_color_matrix=bt601:out_color_matrix=bt601:out_range=full"
    let scale = scale(frame, presentation)
    // Only what is shown: what lies at the edge of a square or of 4:3 is cut off.
    let (size, shown) = (size(frame, presentation), presentation.shownShare(of: frame, shape))
    let crop = "crop=\(max(2, Int(Double(size.width) * shown.width))):\(max(2, Int(Double(size.height) * shown.height)))"
    let last = ["scale=\(output)", "format=yuvj420p", crop]
    do {
      // A picture of high dynamic range looks flat and faded until it is tone-mapped.
      if let toned = try presentation.toned(frame, scale: scale, background: background, last: last) { return toned }
    } catch {
      // zimg does not support some shapes of pictures and some combinations of tags.
      guard error.kind == .undecodable else { throw error }
    }
    let chain =
      presentation.prefix(of: frame)
      + (frame.hasAlpha ? [scale] + background.filters + last : ["\(scale):\(output)", "format=yuvj420p", crop])
    return try FilterGraph.run(frame, chain: chain.joined(separator: ","))
  }

  /// The best background for the transparent parts of a picture.
  static func background(of frame: borrowing Frame, presentation: Presentation) throws(MediaError) -> Background {
    guard frame.hasAlpha else { return .black }
    let chain = presentation.prefix(of: frame) + [scale(frame, presentation), "format=gbrap"]
    let small = try FilterGraph.run(frame, chain: chain.joined(separator: ","))
    return Background(for: small, preferring: presentation.hasHardEdges ? .white : .black)
  }

  private static func scale(_ frame: borrowing Frame, _ presentation: Presentation) -> String {
    let size = size(frame, presentation)
    return "scale=\(size.width):\(size.height):flags=area"
  }

  /// The size of the small copy, before it is cropped.
  private static func size(_ frame: borrowing Frame, _ presentation: Presentation) -> (width: Int, height: Int) {
    let size = presentation.crop.size(ofWidth: frame.width, height: frame.height)
    let factor = Double(side) / Double(max(size.width, size.height))
    return (max(2, Int(Double(size.width) * factor)), max(2, Int(Double(size.height) * factor)))
  }

  private init(measuring small: borrowing Frame) {
    let luma = LumaPlane(of: small)
    let levels = luma.levels
    let tone = Tone(of: small)
    self.init(
      mean: levels.mean / 255, variance: levels.variance,
      low: Double(levels.percentile(0.1)) / 255, range: Double(levels.percentile(0.9) - levels.percentile(0.1)) / 255,
      sharpness: luma.edges.sum / Double(max(levels.total, 1)), edges: luma.edges.strongest,
      fullestBins: levels.shares(bins: 128).sorted(by: >).prefix(6).reduce(0, +), entropy: levels.entropy,
      saturation: tone.saturation, histogram: levels.shares(bins: 32), middleEdges: luma.edgesOfMiddle.strongest,
      darkShare: levels.share(below: Self.nearlyBlack), toneShare: tone.share, likeness: luma.likeness)
  }

  private static let nearlyBlack = 24
}
