internal import Decoding
internal import Failures

/// The URL leads to a web page, not to a video: what a private or expired share link usually answers.
struct SourceIsWebPage: ClassifiedError {
  let underlying: MediaError

  var failureClass: FailureClass { .media }
  var description: String { "the video URL leads to a web page (text/html), not to a video file" }
  var debugDescription: String { "\(description): \(underlying.debugDescription)" }
}
