internal import CommandLineTool
internal import Database
internal import DatabaseClient
internal import Logging
internal import Programs
internal import Settings
internal import Webhooks

CoreDumps.forbid()
BrokenPipes.areErrors()
let options = StandardOptions(
  name: "webhook-relay",
  help: """
    webhook-relay: wakes auto-generate-thumbnail as soon as a video is finished or other work is due.
    It is optional: without it the hourly sweep wakes the workers.
      webhook-relay             runs until SIGTERM
      webhook-relay --check     verifies settings, database, notifications and handlers; exit 0 or 1
      webhook-relay --version | --help
    Settings come from the environment: RELAY_DATABASE_URL (a direct connection) or DATABASE_URL, HANDLERS_URL or SUPABASE_URL,
    WEBHOOK_SECRET or SERVICE_ROLE_KEY. docs/settings.md lists them all.
    """)
options.answer(RelaySettings.self)
switch options.arguments.first {
case "--check": options.finish(RelayCheck().run(Environment.process))
case let argument?: options.refuse("unknown argument \(argument)")
case nil: break
}
StopSignal.install()
do {
  let settings = try RelaySettings(Environment.process)
  let logger = Logger(service: "webhook-relay", settings: settings.log)
  let facts = WorkerQueries.Facts(settings.identity, version: Version.current, mode: "service")
  logger.info(
    "started",
    [
      .version: .text(Version.current), .mode: .text("service"), .host: .text(settings.identity.host),
      .handlers: .text(settings.delivery.handlersURL),
    ])
  Relay(
    makeSession: { Session(settings.database, logger: logger) }, statementSeconds: settings.database.timeoutSeconds,
    settings: settings.delivery, facts: facts, logger: logger
  ).run()
} catch {
  options.fail(error)
}
