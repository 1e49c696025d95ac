internal import Failures

/// Something nobody thought of; its text stays in the log. It counts as an attempt and is tried again, as an origin's fault is: given back, it could
/// come again for ever.
struct UnexpectedError: ClassifiedError {
  private let underlying: any Error
  var failureClass: FailureClass { .source }
  var description: String { "an unexpected error ended the attempt" }
  var debugDescription: String { "\(underlying)" }

  /// The error itself where it knows what it means, which nearly all do.
  static func classified(_ error: any Error) -> any ClassifiedError {
    (error as? any ClassifiedError) ?? UnexpectedError(underlying: error)
  }
}
