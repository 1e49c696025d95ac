/// The answer to a request that did no work: `"skipped": true` and the reason.
struct SkippedReply: Encodable {
  var success = true
  var skipped = true
  let reason: String
  let videoId: String
  var thumbnailUrl: String?
  var retryAfterSeconds: Double?
}
