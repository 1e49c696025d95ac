internal import Failures

/// The video is finished, but its row has no URL.
struct MissingVideoURL: ClassifiedError {
  var failureClass: FailureClass { .media }
  var description: String { "Video URL is null" }
}
