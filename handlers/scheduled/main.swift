internal import Auth
internal import CommandLineTool
internal import FastCGI
internal import Glibc
internal import Logging
internal import Settings
internal import Transfer

CoreDumps.forbid()
let options = StandardOptions(
  name: "scheduled",
  help: """
    scheduled: the hourly net. Calls retry-stuck-thumbnails over HTTP; needs no database.

    Started by a FastCGI supervisor or a CGI server it answers POST /scheduled.
      scheduled run                            calls once, prints the answer; exit 0 or 1 (crontab, systemd timer)
      scheduled --check | --version | --help
    Settings come from the environment: SUPABASE_URL, CRON_SECRET or SERVICE_ROLE_KEY; docs/settings.md has them all.
    """, arguments: Array(CommandLine.arguments.dropFirst()))
let environment = Environment.process
let mode = RunMode.detect(environment)
if mode == .commandLine {
  options.answerHelpAndVersion()
  switch options.arguments.first {
  case "run": break
  case "--check": exit(CheckCommand().run(environment))
  case let other?: options.refuse("unknown command \(other)")
  case nil: options.refuse("nothing to do: start it as FastCGI or CGI, or with `run`")
  }
}

FastCGIServer.prepareSignals()
do {
  let settings = try HandlerSettings(environment)
  let caller = RetryCaller(settings: settings, transport: HTTPClient())
  let logger = Logger(service: "scheduled", settings: settings.log)
  let authenticator = BearerAuthenticator(settings.auth)
  let handler = FrontDoor(ScheduledHandler(retry: caller), identify: authenticator.caller(authorization:))
  switch mode {
  case .fastCGI, .cgi:
    logger.info(
      "started",
      [.version: .text(Version.current), .mode: .text(mode.rawValue), .handlers: .text(settings.handlersURL)])
    Service.run(handler, mode: mode, limits: settings.limits, logger: logger)
  case .commandLine:
    let outcome = caller.call()
    print(String(decoding: outcome.body, as: UTF8.self))
    exit(outcome.isSuccess ? 0 : 1)
  }
} catch {
  StandardError.write("scheduled: \(error)\n")
  exit(78)  // EX_CONFIG
}
