package import Deadlines

/// A row held by this worker until its lease ends.
package struct Claim: Sendable {
  package let videoID: VideoID
  /// What the row is queued for. A video may have one row of each kind.
  package let kind: Kind
  /// The fencing token. Every later write carries it, and a write with an outdated token changes nothing.
  package let token: Int
  /// The number of this attempt, from 1.
  package let attempt: Int
  /// The URL in the row; nil if the platform has not set one.
  package let videoURL: String?
  /// The shape that was asked for. It is stored, so that all attempts use the same.
  package let aspectRatio: String?
  /// The second of the video that was asked for.
  package let timeSeconds: Double?
  /// The uploader, as a hash; nil if the platform does not name one.
  package let tenant: String?
  /// When the lease ends unless it is renewed, counted from before the claim was sent.
  package let leaseEnd: Deadline

  package enum Kind: String, Sendable {
    case thumbnail, storyboard
  }
}
