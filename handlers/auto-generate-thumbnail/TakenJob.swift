internal import Database
internal import Deadlines

/// A job that the worker claimed without a request for it.
struct TakenJob {
  let claim: Claim
  /// Counted from before the claim was sent.
  let leaseEnd: Deadline
}
