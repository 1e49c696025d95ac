/// The answer of `thumbnails.claim`.
package enum ClaimOutcome: Sendable {
  case claimed(Claim)
  case refused(ClaimRefusal)
}

/// Why a row was not claimed.
package enum ClaimRefusal: Sendable {
  /// Another worker has the row; the caller may ask again after that time.
  case busy(retryAfterSeconds: Double)
  /// A breaker is open because storage or configuration is at fault, or a person has paused. `code` is the failure class, or `manual` for a
  /// person.
  case paused(retryAfterSeconds: Double, code: String?, reason: String?)
  /// The row waits for its next attempt.
  case notDue(retryAfterSeconds: Double, reason: String?)
  /// The row has its thumbnail, at this URL.
  case completed(thumbnailURL: String?)
  /// The row has failed for good.
  case exhausted(reason: String?)
  /// The video itself is not finished; its status is given.
  case notFinished(status: String?)
  case notFound
}
