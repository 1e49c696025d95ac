/// The outcome of a write guarded by a claim token.
package enum WriteOutcome: String, Sendable {
  case ok
  /// The write had taken effect before, and only the answer was lost.
  case already
  /// Another claim has the row by now, or the video has been replaced. Nothing was changed.
  case fenced
  /// The platform's own trigger or rule refuses the result. It is kept in the queue, and the database writes it later.
  case kept
}
