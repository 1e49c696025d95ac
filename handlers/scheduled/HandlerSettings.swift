internal import Auth
internal import FastCGI
internal import Logging
internal import Settings

/// Everything scheduled can be told.
struct HandlerSettings {
  let log: LogSettings
  let auth: AuthSettings
  let limits: RequestLimits
  /// `HANDLERS_URL`, else `SUPABASE_URL`: base URL under which retry-stuck-thumbnails is reached.
  let handlersURL: String
  /// `CRON_SECRET`, else `SERVICE_ROLE_KEY`: what it shows there.
  let bearer: Secret
  /// `SCHEDULED_TIMEOUT`: seconds the call may take (25).
  let timeoutSeconds: Double

  init(_ environment: Environment) throws(SettingsError) {
    var reader = SettingsReader(environment)
    log = LogSettings(&reader)
    auth = AuthSettings(&reader, accepting: [.service, .cron])
    limits = RequestLimits(&reader)
    handlersURL = reader.baseURL("HANDLERS_URL", "SUPABASE_URL", "VITE_SUPABASE_URL") ?? ""
    if handlersURL.isEmpty {
      reader.report(
        "SUPABASE_URL is missing: base URL under which the handlers are reached, for example https://videos.example.com")
    }
    bearer = auth.cron ?? auth.service ?? Secret("")
    timeoutSeconds = reader.seconds("SCHEDULED_TIMEOUT", fallback: 25, in: 1...600)
    try reader.finish()
  }
}
