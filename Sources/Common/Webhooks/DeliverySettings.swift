package import Settings

/// Where due webhooks are posted and how.
package struct DeliverySettings: Sendable {
  /// `HANDLERS_URL`, else `SUPABASE_URL`: base URL under which auto-generate-thumbnail is reached.
  package let handlersURL: String
  /// `WEBHOOK_SECRET`, which may only start work that is due, else `SERVICE_ROLE_KEY`.
  package let bearer: Secret
  /// `DELIVERY_CONCURRENCY`: posts under way at once (8).
  package let concurrency: Int
  /// `DELIVERY_LEASE`: seconds after which a video whose post is still under way is posted once more, if it is due again (30): the worker that
  /// has the post may be gone in silence.
  package let leaseSeconds: Double
  /// Seconds one post may take: the handler's deadline and a little.
  package let postSeconds: Double

  package init(handlersURL: String, bearer: Secret, concurrency: Int = 8, leaseSeconds: Double = 30, postSeconds: Double = 150)
  {
    self.handlersURL = handlersURL
    self.bearer = bearer
    self.concurrency = concurrency
    self.leaseSeconds = leaseSeconds
    self.postSeconds = postSeconds
  }

  package init(_ reader: inout SettingsReader) {
    if let url = reader.baseURL("HANDLERS_URL", "SUPABASE_URL", "VITE_SUPABASE_URL") {
      handlersURL = url
    } else {
      reader.report(
        "SUPABASE_URL is missing: base URL under which the handlers are reached, for example https://videos.example.com")
      handlersURL = ""
    }
    let secret = reader.secret("WEBHOOK_SECRET") ?? reader.secret("SERVICE_ROLE_KEY", "SUPABASE_SERVICE_ROLE_KEY")
    if secret == nil {
      reader.report("WEBHOOK_SECRET (or SERVICE_ROLE_KEY) is missing: the bearer secret shown to auto-generate-thumbnail")
    }
    bearer = secret ?? Secret("")
    concurrency = reader.integer("DELIVERY_CONCURRENCY", fallback: 8, in: 1...256)
    leaseSeconds = reader.seconds("DELIVERY_LEASE", fallback: 30, in: 0.5...600)
    postSeconds = reader.seconds("DELIVERY_TIMEOUT", fallback: 150, in: 1...3700)
  }
}
