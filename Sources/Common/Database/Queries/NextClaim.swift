/// What `thumbnails.claim_next` answered.
package enum NextClaim: Sendable {
  case claimed(Claim)
  /// A breaker of this host is open: it takes nothing for now.
  case paused
  /// So many jobs turned out to be none any more that the transaction was ended: to be asked again at once.
  case unsettled
  /// Nothing is due.
  case nothingDue
}
