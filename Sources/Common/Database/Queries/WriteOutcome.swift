/// What became of a write guarded by a claim token.
package enum WriteOutcome: String, Sendable {
  /// It took effect now.
  case ok
  /// It had taken effect before and only the acknowledgement was lost.
  case already
  /// The video belongs to another claim by now, or is another video; nothing was changed.
  case fenced
  /// The platform's own trigger or rule refuses it: it is kept in the queue, and the database writes it later by itself.
  case kept
}
