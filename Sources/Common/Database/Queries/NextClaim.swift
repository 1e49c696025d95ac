/// What `thumbnails.claim_next` answered.
package enum NextClaim: Sendable {
  case claimed(Claim)
  /// A breaker of this host is open: it takes nothing for now.
  case paused
  /// Nothing is due.
  case nothingDue
}
