internal import Database
internal import Failures
internal import FastCGI

/// The answers to a claim that was refused. They are polite: no work was done.
enum ClaimReply {
  static func response(_ refusal: ClaimRefusal, videoID: String) -> Response {
    switch refusal {
    case .busy(let seconds):
      return .failure(409, "Another worker has this video", .lost, headers: retryAfter(seconds))
    case .paused(let seconds, let code, let reason):
      // A person's reason begins with "paused by".
      let text =
        code == "manual" ? reason ?? "paused by a person" : "Paused: \(reason ?? "storage or configuration is at fault")"
      return .failure(503, text, code: code, isRetryable: true, headers: retryAfter(seconds))
    case .notFound:
      return .videoNotFound
    case .completed(let url):
      return skipped(SkippedReply(reason: "already completed", videoId: videoID, thumbnailUrl: url))
    case .notDue(let seconds, let reason):
      // A row may be parked until `infinity`, for which JSON has no number.
      let rounded = seconds.isFinite ? (seconds * 1000).rounded(.up) / 1000 : nil
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

  /// The answer to a webhook: it says only that there is nothing to do, and nothing about the row.
  static func discreetResponse(_ refusal: ClaimRefusal, videoID: String) -> Response {
    if case .paused(let seconds, let code, _) = refusal {
      return response(.paused(retryAfterSeconds: seconds, code: code, reason: nil), videoID: videoID)
    }
    return skipped(SkippedReply(reason: "nothing to do", videoId: videoID))
  }

  private static func skipped(_ reply: SkippedReply, headers: [(name: String, value: String)] = []) -> Response {
    .json(200, ReplyJSON.encode(reply), headers: headers)
  }

  private static func retryAfter(_ seconds: Double) -> [(name: String, value: String)] { [Response.retryAfter(seconds)] }
}
