internal import Failures

/// The platform finished a video without saying where it is.
struct MissingVideoURL: ClassifiedError {
  var failureClass: FailureClass { .media }
  var description: String { "Video URL is null" }
}
