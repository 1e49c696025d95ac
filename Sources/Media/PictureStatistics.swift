internal import CLibAV
internal import Decoding

/// What a small copy of a picture tells about it.
///
/// Luma mean, its 10th and 90th percentile and the saturation are libavfilter's `signalstats`, the entropy its `entropy`.
/// The Sobel mean and the share of the fullest bins are computed as hecate does (Song et al., "To Click or Not To Click",
/// CIKM 2016), the variance as GNOME Totem's thumbnailer does.
struct PictureStatistics: Sendable {
  /// Mean luma, 0 (black) to 1 (white).
  let mean: Double
  /// Variance of luma in units of 8-bit levels squared.
  let variance: Double
  /// 90th minus 10th percentile of luma, 0 to 1: small in mid-fade and fog.
  let range: Double
  /// Mean Sobel gradient magnitude of luma, 0 to about 1.
  let sharpness: Double
  /// How strong the strongest hundredth of the edges is, 0 to 1, in that of the two directions in which they are weaker: small where the
  /// picture is out of focus, and where the camera or what it shows moved.
  let edges: Double
  /// Share of the pixels in the fullest 5 % of 128 luma bins: near 1 for flat pictures and title cards.
  let fullestBins: Double
  /// Entropy of the luma histogram, 0 (one level) to 1 (all alike).
  let entropy: Double
  /// Mean saturation, 0 (grey) to 1.
  let saturation: Double
  /// Luma histogram of 32 bins, its sum 1.
  let histogram: [Double]

  /// Longer side of the copy that is measured, in pixels.
  static let side = 320

  /// Why the picture is no good thumbnail; nil when it may be one. The thresholds for dark and for variance are
  /// hecate's and Totem's. hecate's 0.80 for the fullest bins turns drawings and screen recordings down, which are sharp:
  /// here it takes more, and no edges. Those for sharpness, edges and range lie where natural pictures begin: 0.07 for the edges, which
  /// blurring by a twentieth of the width brings down to 0.02.
  var rejection: Rejection? {
    if mean <= 0.075 { return .dark }
    if mean >= 0.93 { return .bright }
    if variance <= 256 || (fullestBins >= 0.90 && sharpness <= 0.04) { return .flat }
    if range <= 0.12 { return .faded }
    if sharpness <= 0.012 || edges <= 0.04 { return .blurred }
    return nil
  }
}

extension PictureStatistics {
  /// Measures a small copy of `frame`.
  init(of frame: borrowing Frame) throws(MediaError) {
    let scale = frame.width >= frame.height ? "scale=\(Self.side):-2" : "scale=-2:\(Self.side)"
    let small = try FilterGraph.run(
      frame, chain: "\(scale):flags=area:out_range=full:in_color_matrix=bt601,format=yuvj444p,signalstats,entropy")
    func tag(_ name: String) -> Double { small.tag(name).flatMap { Double($0) } ?? 0 }
    let luma = LumaPlane(of: small)
    self.init(
      mean: luma.mean, variance: luma.variance,
      range: max(0, tag("lavfi.signalstats.YHIGH") - tag("lavfi.signalstats.YLOW")) / 255, sharpness: luma.sobelMean,
      edges: min(luma.strongEdges.across, luma.strongEdges.down), fullestBins: luma.shareOfFullestBins,
      entropy: tag("lavfi.entropy.normalized_entropy.normal.Y"),
      saturation: min(1, tag("lavfi.signalstats.SATAVG") / 128), histogram: luma.histogram(bins: 32))
  }
}
