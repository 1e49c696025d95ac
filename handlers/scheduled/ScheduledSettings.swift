internal import Auth
internal import FastCGI
internal import Logging
internal import Settings

/// Everything scheduled can be told.
struct ScheduledSettings: ProgramSettings {
  let log: LogSettings
  let auth: AuthSettings
  let limits: RequestLimits
  /// Base URL under which retry-stuck-thumbnails is reached.
  let handlersURL: String
  /// What it shows there: the weaker secret where there is one.
  let bearer: Secret
  /// Seconds the call may take.
  let timeoutSeconds: Double

  init(_ reader: inout SettingsReader, isLasting: Bool) {
    log = LogSettings(&reader)
    auth = AuthSettings(&reader, accepting: [.service, .cron])
    limits = RequestLimits(&reader)
    handlersURL = reader.handlersURL()
    bearer = auth.cron ?? auth.service ?? Secret("")
    let timeoutSeconds = reader.seconds(
      "SCHEDULED_TIMEOUT", fallback: 25, in: 1...600,
      meaning: "seconds the call of retry-stuck-thumbnails may take, not longer than `REQUEST_DEADLINE`")
    // A request that takes longer is ended without an answer.
    self.timeoutSeconds = min(timeoutSeconds, limits.deadlineSeconds)
  }
}
