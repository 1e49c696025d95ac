/// The answer of `thumbnails.claim_next`.
package enum NextClaim: Sendable {
  case claimed(Claim)
  /// Nothing is due, or a breaker of this host is open, so it claims nothing for now.
  case nothing
  /// Nobody has asked yet, or so many queued jobs turned out to be outdated that the transaction was ended. The caller should ask at once.
  case unknown
}
