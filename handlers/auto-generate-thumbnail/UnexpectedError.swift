internal import Failures

/// Something nobody thought of; its text stays in the log.
struct UnexpectedError: ClassifiedError {
  let underlying: any Error
  var failureClass: FailureClass { .source }
  var description: String { "an unexpected error ended the attempt" }
  var debugDescription: String { "\(underlying)" }
}
