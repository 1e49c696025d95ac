internal import Deadlines
internal import Failures
internal import Transfer
internal import Uploads

/// The origin says nothing, and the store, without which there would be no thumbnail either, says nothing: this host reaches nobody.
struct NoNetwork: ClassifiedError {
  private let underlying: SourceError

  private static let patienceSeconds = 5.0

  /// Asks the store. Nil where the error is another one, the store answers, or too little of the lease is left to ask.
  init?(_ error: any ClassifiedError, store: any ObjectStore, keeper: LeaseKeeper) {
    guard let error = error as? SourceError, error.isUnheard, let end = try? keeper.deadlineOfSilentStep(),
      !store.isHeard(deadline: min(end, .after(seconds: Self.patienceSeconds)))
    else { return nil }
    underlying = error
  }

  var failureClass: FailureClass { .storage }
  var description: String { "neither the video's origin nor the object store can be reached: \(underlying)" }
}
