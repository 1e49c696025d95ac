internal import Auth
internal import FastCGI
internal import Logging
internal import Settings

struct ScheduledSettings: ProgramSettings {
  let log: LogSettings
  let auth: AuthSettings
  let limits: RequestLimits
  /// The base URL of retry-stuck-thumbnails.
  let handlersURL: String
  /// The secret for the call: the weaker one if it is set.
  let bearer: Secret
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
    // A request that takes longer would be killed without an answer.
    self.timeoutSeconds = min(timeoutSeconds, limits.deadlineSeconds)
  }
}
