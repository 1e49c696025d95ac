internal import Failures

/// The worker cannot read the video.
struct SourceGaveOut: ClassifiedError {
  let isOrigins: Bool
  let isLimit: Bool

  var failureClass: FailureClass { isOrigins ? .source : .lost }
  var description: String { "the video cannot be read" }
}
