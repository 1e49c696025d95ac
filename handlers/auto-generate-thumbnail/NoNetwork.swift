internal import Deadlines
internal import Failures
internal import Transfer
internal import Uploads

/// The origin cannot be reached, and neither can who answers if this host has a network: the store, or other origins.
struct NoNetwork: ClassifiedError {
  let description: String

  private static let patienceSeconds = 5.0

  /// Asks the store, and if that is near, the origins that answered last. Nil if the error is a different one, if one of them answers, if
  /// nobody else is known, or if too little of the lease is left to ask.
  init?(_ error: any ClassifiedError, store: any ObjectStore, pipeline: Pipeline, keeper: LeaseKeeper) {
    guard let error = error as? SourceError, error.hadNoAnswer, let end = try? keeper.deadlineOfSilentStep() else { return nil }
    func patience() -> Deadline { min(end, .after(seconds: Self.patienceSeconds)) }
    switch store.reach(deadline: patience()) {
    case .silent: description = "neither the video's origin nor the object store can be reached: \(error)"
    case .nearby:
      guard pipeline.reachesOtherOrigins(deadline: patience()) == false else { return nil }
      description = "neither the video's origin nor those that answered before can be reached: \(error)"
    case .internet: return nil
    }
  }

  var failureClass: FailureClass { .storage }
}
