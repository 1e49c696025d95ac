/// The shape of a thumbnail.
package enum AspectRatio: String, Sendable, CaseIterable {
  case landscape = "16:9"
  case portrait = "9:16"

  /// The default for the longer side of a thumbnail, in pixels.
  package static let usualSide = 960

  /// The shape nearest to a picture as it is displayed; a square counts as 16:9.
  package static func fitting(displayedWidth width: Double, height: Double) -> AspectRatio {
    height > width ? .portrait : .landscape
  }

  /// The size of a picture with that longer side, in pixels; the shorter side is even.
  package func size(longerSide: Int) -> (width: Int, height: Int) {
    let shorter = max(2, longerSide * 9 / 16 / 2 * 2)
    return self == .landscape ? (longerSide, shorter) : (shorter, longerSide)
  }
}
