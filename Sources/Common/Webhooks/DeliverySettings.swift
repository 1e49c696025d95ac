internal import Deadlines
package import Settings
internal import Transfer

/// Where and how wake-ups are posted.
package struct DeliverySettings: Sendable {
  /// The base URL of auto-generate-thumbnail.
  package let handlersURL: String
  /// `WEBHOOK_SECRET`, which may only start work that is due, or else `SERVICE_ROLE_KEY`.
  package let bearer: Secret
  /// The most posts under way at once.
  package let concurrency: Int
  /// Seconds after which a video that is due again is posted once more although its first post is still under way: the worker with that
  /// post may be gone.
  package let leaseSeconds: Double
  /// Seconds that one post may take: a little more than the handler's deadline.
  package let postSeconds: Double
}

extension DeliverySettings {
  /// Reads the handlers' URL, the secret for them, and the `DELIVERY_…` variables. Without a secret, a problem is reported and ``bearer``
  /// is empty.
  package init(_ reader: inout SettingsReader) {
    handlersURL = reader.handlersURL()
    let secret = reader.webhookSecret() ?? reader.serviceRoleKey()
    if secret == nil {
      reader.report("WEBHOOK_SECRET (or SERVICE_ROLE_KEY) is missing: the bearer secret shown to auto-generate-thumbnail")
    }
    bearer = secret ?? Secret("")
    concurrency = reader.integer("DELIVERY_CONCURRENCY", fallback: 8, in: 1...256, meaning: "wake-ups under way at once")
    leaseSeconds = reader.seconds(
      "DELIVERY_LEASE", fallback: 30, in: 0.5...600,
      meaning: "seconds after which a due video is posted again, even if its first post is still unanswered")
    postSeconds = reader.seconds(
      "DELIVERY_TIMEOUT", fallback: 150, in: 1...3700, meaning: "seconds for one wake-up: the handler's deadline and a little")
  }

  /// A wake-up for a video.
  func post(of videoID: String, deadline: Deadline) -> HTTPRequest {
    var request = HTTPRequest(.post, "\(handlersURL)/functions/v1/auto-generate-thumbnail", deadline: deadline)
    request.headers = [
      ("Content-Type", "application/json"), ("Authorization", "Bearer \(bearer.exposed)"), ("Prefer", "respond-async"),
    ]
    request.body = Array("{\"videoId\":\"\(videoID)\"}".utf8)
    request.connectSeconds = 3
    request.lostPeerSeconds = 4
    return request
  }
}
