package import Settings

/// Where wake-ups are posted and how.
package struct DeliverySettings: Sendable {
  /// Base URL under which auto-generate-thumbnail is reached.
  package let handlersURL: String
  /// `WEBHOOK_SECRET`, which may only start work that is due, else `SERVICE_ROLE_KEY`.
  package let bearer: Secret
  /// Posts under way at once.
  package let concurrency: Int
  /// Seconds after which a video whose post is still under way is posted once more, if it is due again: the worker that
  /// has the post may be gone in silence.
  package let leaseSeconds: Double
  /// Seconds one post may take: the handler's deadline and a little.
  package let postSeconds: Double

  package init(handlersURL: String, bearer: Secret, concurrency: Int, leaseSeconds: Double, postSeconds: Double) {
    self.handlersURL = handlersURL
    self.bearer = bearer
    self.concurrency = concurrency
    self.leaseSeconds = leaseSeconds
    self.postSeconds = postSeconds
  }

  /// Reads where the handlers are, the secret to show there, and the `DELIVERY_…` variables. Without any secret a problem is reported, and
  /// ``bearer`` is empty.
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
      meaning: "seconds after which a video that is due is posted again although its first post still hangs")
    postSeconds = reader.seconds(
      "DELIVERY_TIMEOUT", fallback: 150, in: 1...3700, meaning: "seconds for one wake-up: the handler's deadline and a little")
  }
}
