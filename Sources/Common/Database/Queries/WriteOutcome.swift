/// What became of a write guarded by a claim token.
package enum WriteOutcome: String, Sendable {
  /// It took effect now.
  case ok
  /// It had taken effect before and only the acknowledgement was lost.
  case already
  /// The row belongs to another claim by now; nothing was changed.
  case fenced
}
