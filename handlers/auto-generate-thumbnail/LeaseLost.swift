internal import Failures

/// Another worker may have the row by now, so nothing that this one does counts any more.
struct LeaseLost: ClassifiedError {
  var failureClass: FailureClass { .lost }
  var description: String { "the lease was lost while the thumbnail was made" }
  var httpStatus: Int { 409 }
}
