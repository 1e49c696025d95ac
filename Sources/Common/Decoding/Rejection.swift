/// The gate that rejected a candidate.
package enum Rejection: String, Sendable, CaseIterable {
  /// Nearly black.
  case dark
  /// Nearly white.
  case bright
  /// Next to no contrast, or one level fills the picture.
  case flat
  /// In the middle of a fade: all levels close together.
  case faded
  /// No edges.
  case blurred
  /// No pixel is like its neighbour, as in the noise of a receiver without a signal.
  case noise
}
