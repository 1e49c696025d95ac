/// A row held by this worker until its lease ends.
package struct Claim: Sendable {
  /// The video the row is of.
  package let videoID: VideoID
  /// What the row is queued for: a video may have one row of each kind.
  package let kind: Kind
  /// Fencing token: every later write carries it, and one that has been overtaken changes nothing.
  package let token: Int64
  /// Which attempt this is, from 1.
  package let attempt: Int
  /// The row's own URL; nil where the platform has not set one.
  package let videoURL: String?
  /// The shape that was asked for, as stored, so that retries agree.
  package let aspectRatio: String?
  /// The second of the video that was asked for.
  package let timeSeconds: Double?
  /// Whose video it is, as a hash; nil where the platform names nobody.
  package let tenant: String?

  /// What is to be made.
  package enum Kind: String, Sendable {
    case thumbnail, storyboard
  }

  package init(
    videoID: VideoID, kind: Kind = .thumbnail, token: Int64, attempt: Int, videoURL: String?, aspectRatio: String?,
    timeSeconds: Double?, tenant: String?
  ) {
    self.videoID = videoID
    self.kind = kind
    self.token = token
    self.attempt = attempt
    self.videoURL = videoURL
    self.aspectRatio = aspectRatio
    self.timeSeconds = timeSeconds
    self.tenant = tenant
  }
}
