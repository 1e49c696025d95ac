internal import Failures

/// An error that no code expected. Its text goes only to the log. It counts as a failed attempt and is retried like an origin's fault: if
/// the attempt were given back, the same error could repeat for ever.
struct UnexpectedError: ClassifiedError {
  private let underlying: any Error
  var failureClass: FailureClass { .source }
  var description: String { "an unexpected error ended the attempt" }
  var debugDescription: String { "\(underlying)" }

  /// The error itself if it has a class, as nearly all have.
  static func classified(_ error: any Error) -> any ClassifiedError {
    (error as? any ClassifiedError) ?? UnexpectedError(underlying: error)
  }
}
