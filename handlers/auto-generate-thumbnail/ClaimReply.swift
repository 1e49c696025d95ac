internal import Database
internal import Failures
internal import FastCGI

/// The answers to a claim that was not made: polite ones, with no work done.
enum ClaimReply {
  static func response(_ outcome: ClaimOutcome, videoID: String) -> Response {
    switch outcome {
    case .claimed:
      preconditionFailure("a claim that was made is worked on, not answered here")
    case .busy(let seconds):
      return .failure(
        409, "Another worker has this video", code: FailureClass.lost.rawValue, isRetryable: true, headers: retryAfter(seconds))
    case .paused(let seconds, let reason):
      return .failure(
        503, "Paused: \(reason ?? "storage or configuration is at fault")", code: FailureClass.storage.rawValue,
        isRetryable: true, headers: retryAfter(seconds))
    case .notFound:
      return .failure(404, "Video not found", code: FailureClass.request.rawValue, isRetryable: false)
    case .completed(let url):
      return skipped(SkippedReply(reason: "already completed", videoId: videoID, thumbnailUrl: url))
    case .notDue(let seconds, let reason):
      let rounded = (seconds * 1000).rounded(.up) / 1000
      return skipped(
        SkippedReply(
          reason: "not due yet\(reason.map { ", after: \($0)" } ?? "")", videoId: videoID, retryAfterSeconds: rounded),
        headers: retryAfter(seconds))
    case .exhausted(let reason):
      return skipped(
        SkippedReply(
          reason: "failed for good\(reason.map { ": \($0)" } ?? ""); trigger it by hand to try again", videoId: videoID))
    case .notFinished(let status):
      return skipped(SkippedReply(reason: "the video is not finished (\(status ?? "no status"))", videoId: videoID))
    }
  }

  private static func skipped(_ reply: SkippedReply, headers: [(name: String, value: String)] = []) -> Response {
    .json(200, ReplyJSON.encode(reply), headers: headers)
  }

  private static func retryAfter(_ seconds: Double) -> [(name: String, value: String)] {
    [("Retry-After", "\(max(1, Int(seconds.rounded(.up))))")]
  }
}
