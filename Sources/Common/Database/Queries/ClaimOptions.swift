/// What the caller of a claim asks for.
package struct ClaimOptions: Sendable {
  /// `16:9`, `9:16`, or nil for what the row says, else the video's own shape.
  package var aspectRatio: String?
  /// Makes a new thumbnail even where there is one, and starts the attempts anew.
  package var regenerate: Bool
  /// The second of the video to take, with `regenerate`.
  package var timeSeconds: Double?

  package init(aspectRatio: String? = nil, regenerate: Bool = false, timeSeconds: Double? = nil) {
    self.aspectRatio = aspectRatio
    self.regenerate = regenerate
    self.timeSeconds = timeSeconds
  }
}
