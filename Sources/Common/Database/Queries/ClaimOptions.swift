/// What the caller of a claim asks for.
package struct ClaimOptions: Sendable {
  /// `16:9`, `9:16`, or nil for the row's shape or else the video's own.
  package var aspectRatio: String?
  /// Makes a new thumbnail even if there is one, and resets the attempts.
  package var regenerate: Bool
  /// With `regenerate`, the second of the video from which to take the picture.
  package var timeSeconds: Double?

  package init(aspectRatio: String? = nil, regenerate: Bool = false, timeSeconds: Double? = nil) {
    self.aspectRatio = aspectRatio
    self.regenerate = regenerate
    self.timeSeconds = timeSeconds
  }
}
