internal import CommandLineTool
internal import Deadlines
internal import HandlerCalls
internal import Programs
internal import Settings
internal import Transfer

/// `--check`: checks the settings, and whether retry-stuck-thumbnails is reached and knows the secret. It uses GET, which starts nothing.
struct ScheduledCheck: CheckCommand {
  func look(with settings: ScheduledSettings, _ report: inout CheckReport) {
    var request = HTTPRequest(
      .get, "\(settings.handlersURL)/functions/v1/retry-stuck-thumbnails?limit=1",
      deadline: .after(seconds: settings.timeoutSeconds))
    request.headers = [("Authorization", "Bearer \(settings.bearer.exposed)")]
    request.connectSeconds = 3
    report.check("handlers") {
      try request.probe(
        "retry-stuck-thumbnails", at: settings.handlersURL, secret: "CRON_SECRET", isHandlers: \.isHandlersSuccess)
    }
  }
}
