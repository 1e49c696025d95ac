/// What `thumbnails.claim` answered.
package enum ClaimOutcome: Sendable {
  case claimed(Claim)
  /// Another worker has the row; ask again in so many seconds.
  case busy(retryAfterSeconds: Double)
  /// A breaker is open: storage or configuration is at fault, or a person has paused; `code` is its class, `manual` the person's.
  case paused(retryAfterSeconds: Double, code: String?, reason: String?)
  /// The row waits for its next attempt.
  case notDue(retryAfterSeconds: Double, reason: String?)
  /// It has its thumbnail, under this URL.
  case completed(thumbnailURL: String?)
  /// It is failed for good.
  case exhausted(reason: String?)
  /// The video itself is not finished; its status.
  case notFinished(status: String?)
  case notFound
}
