internal import Deadlines
internal import Failures
internal import Transfer
internal import Uploads

/// Neither the origin nor the store can be reached, so this host has no network. The thumbnail would need both of them.
struct NoNetwork: ClassifiedError {
  private let underlying: SourceError

  private static let patienceSeconds = 5.0

  /// Asks the store. Nil if the error is a different one, if the store answers, or if too little of the lease is left to ask.
  init?(_ error: any ClassifiedError, store: any ObjectStore, keeper: LeaseKeeper) {
    guard let error = error as? SourceError, error.hadNoAnswer, let end = try? keeper.deadlineOfSilentStep(),
      !store.isReachable(deadline: min(end, .after(seconds: Self.patienceSeconds)))
    else { return nil }
    underlying = error
  }

  var failureClass: FailureClass { .storage }
  var description: String { "neither the video's origin nor the object store can be reached: \(underlying)" }
}
