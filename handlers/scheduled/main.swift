internal import CommandLineTool
internal import FastCGI
internal import Logging
internal import Programs
internal import Settings
internal import Transfer

CoreDumps.forbid()
BrokenPipes.areErrors()
let options = StandardOptions(
  name: "scheduled",
  help: """
    scheduled: starts the sweep, which finds stuck videos. It calls retry-stuck-thumbnails over HTTP and needs no database.

    Started by a FastCGI supervisor or a CGI server, it answers POST /scheduled.
      scheduled run                            calls once and prints the answer, a failure on standard error; exit 0 or 1
                                               (crontab, systemd timer)
      scheduled run --every 3600               calls now, and again so many seconds (60 to 86400) after each answer (containers)
      scheduled --check | --version | --help
    Settings come from the environment: SUPABASE_URL, CRON_SECRET or SERVICE_ROLE_KEY. docs/settings.md lists them all.
    """)
let environment = Environment.process
guard let mode = RunMode.detect(environment) else {
  options.answer(ScheduledSettings.self)
  do {
    switch options.arguments.first {
    case "run":
      let command = try RunCommand(Array(options.arguments.dropFirst()))
      options.finish(command.run(RetryCaller(settings: try ScheduledSettings(environment), transport: HTTPClient())))
    case "--check": options.finish(ScheduledCheck().run(environment))
    case let other?: options.refuse("unknown command \(other)")
    case nil: options.refuse("nothing to do: start it as FastCGI or CGI, or with `run`")
    }
  } catch let misuse as Misuse {
    options.refuse("\(misuse)")
  } catch {
    options.fail(error)
  }
}

GracefulStop.install()
do {
  let settings = try ScheduledSettings(environment)
  let caller = RetryCaller(settings: settings, transport: HTTPClient())
  let logger = Logger(service: "scheduled", settings: settings.log)
  let door = FrontDoor(ScheduledHandler(retry: caller), callers: settings.auth)
  logger.info(
    "started",
    [.version: .text(Version.current), .mode: .text(mode.rawValue), .handlers: .text(settings.handlersURL)])
  Service.run(door, mode: mode, limits: settings.limits, logger: logger)
} catch {
  options.fail(error)
}
