internal import CommandLineTool
internal import Database
internal import DatabaseClient
internal import Deadlines
internal import Logging
internal import Programs
internal import Webhooks

/// `--check`: checks settings, database, its notifications and the handlers, and reports a line for each.
struct RelayCheck: CheckCommand {
  func look(with settings: RelaySettings, _ report: inout CheckReport) {
    let makeSession = { Session(settings.database, logger: Logger(service: "webhook-relay", level: .error)) }
    let session = makeSession()
    report.check("database") { try CheckQueries(session).describe() }
    if session.isConnected {
      // Only advice: without notifications the relay polls ten times a second.
      report.advise("notifications") {
        guard try QueueQueries(session).hasNotifications() else { throw Self.polls(Relay.noNotifications) }
        try WakeUpQueries(session).listen()
        let echo = NotificationEcho(session: session, makeSession: makeSession)
        if let problem = try echo.problem(waiting: { seconds, _ in Sleep.seconds(min(seconds, 0.05)) }) {
          throw Self.polls(problem)
        }
        return "come through"
      }
    }
    report.check("handlers") { try settings.delivery.probe() }
  }

  private static func polls(_ reason: String) -> CheckProblem { CheckProblem("\(reason); meanwhile the relay polls") }
}
