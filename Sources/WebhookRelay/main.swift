internal import CommandLineTool
internal import Database
internal import DatabaseClient
internal import Glibc
internal import Logging
internal import Settings
internal import Webhooks

CoreDumps.forbid()
let options = StandardOptions(
  name: "webhook-relay",
  help: """
    webhook-relay: posts due webhooks to auto-generate-thumbnail as soon as a video is finished.
    Optional: without it the hourly sweep delivers.
      webhook-relay             runs until SIGTERM
      webhook-relay --version | --help
    Settings: RELAY_DATABASE_URL (a direct connection) or DATABASE_URL, SUPABASE_URL, WEBHOOK_SECRET or SERVICE_ROLE_KEY.
    """, arguments: Array(CommandLine.arguments.dropFirst()))
options.answerHelpAndVersion()
if let argument = options.arguments.first { options.refuse("unknown argument \(argument)") }
StopSignal.install()
do {
  var reader = SettingsReader(Environment.process)
  let level: LogLevel = reader.choice("LOG_LEVEL", fallback: .info)
  let database = DatabaseSettings(&reader, preferring: "RELAY_DATABASE_URL")
  let delivery = DeliverySettings(&reader)
  try reader.finish()
  let logger = Logger(service: "webhook-relay", level: level)
  Relay(makeSession: { Session(database, logger: logger) }, settings: delivery, logger: logger)
    .run(shouldStop: { StopSignal.isRequested }, graceSeconds: 10)
} catch {
  StandardError.write("webhook-relay: \(error)\n")
  exit(78)  // EX_CONFIG
}
