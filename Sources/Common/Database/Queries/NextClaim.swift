/// The answer of `thumbnails.claim_next`.
package enum NextClaim: Sendable {
  case claimed(Claim)
  /// A breaker of this host is open, so it claims nothing for now.
  case paused
  /// So many queued jobs turned out to be outdated that the transaction was ended. The caller should ask again at once.
  case unsettled
  /// Nothing is due.
  case nothingDue
}
