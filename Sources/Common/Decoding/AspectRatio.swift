/// The shape of a thumbnail.
package enum AspectRatio: String, Sendable, CaseIterable {
  case landscape = "16:9"
  case portrait = "9:16"

  /// The shape nearest to a picture as it is displayed; a square counts as 16:9.
  package static func fitting(displayedWidth width: Double, height: Double) -> AspectRatio {
    height > width ? .portrait : .landscape
  }

  /// Size of a full thumbnail.
  package var target: (width: Int, height: Int) {
    switch self {
    case .landscape: (960, 540)
    case .portrait: (540, 960)
    }
  }
}
