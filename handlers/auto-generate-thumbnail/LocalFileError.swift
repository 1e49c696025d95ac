internal import Failures

/// A local file that cannot be opened or read.
struct LocalFileError: ClassifiedError {
  let description: String
  var failureClass: FailureClass { .source }
}
