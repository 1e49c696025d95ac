internal import CommandLineTool
internal import Database
internal import DatabaseClient
internal import FastCGI
internal import GarbageCollection
internal import Heartbeat
internal import Logging
internal import Programs
internal import Settings
internal import Uploads
internal import Webhooks

CoreDumps.forbid()
BrokenPipes.areErrors()
let options = StandardOptions(
  name: "retry-stuck-thumbnails",
  help: """
    retry-stuck-thumbnails: finds videos whose thumbnail got stuck and starts them again.

    Started by a FastCGI supervisor or a CGI server, it answers
      POST /functions/v1/retry-stuck-thumbnails   the sweep; {"videoId": …} or {"batch": n} start videos again by hand,
                                                  {"operation": …} dismisses, cancels, pauses and resumes
      GET  /functions/v1/retry-stuck-thumbnails   the report: health, failures, queue, what the next POST would do
      GET  /metrics                               the figures for Prometheus
    On a command line:
      retry-stuck-thumbnails --check | --version | --help
    Settings come from the environment: DATABASE_URL, SERVICE_ROLE_KEY or CRON_SECRET, SUPABASE_URL. docs/settings.md lists them all.
    """)
let environment = Environment.process
guard let mode = RunMode.detect(environment) else {
  options.answer(RetrySettings.self)
  guard options.arguments.first == "--check" else { options.refuse("nothing to do: start it as FastCGI or CGI") }
  options.finish(RetryCheck().run(environment))
}

GracefulStop.install()
do {
  let settings = try RetrySettings(environment, isLasting: mode == .fastCGI)
  let logger = Logger(service: "retry-stuck-thumbnails", settings: settings.log)
  let session = Session(settings.database, logger: logger)
  let queue = QueueQueries(session)
  let waker = WorkerWaker(queue: queue, settings: settings.delivery, seconds: settings.deliverySeconds, logger: logger)
  let store = settings.storage?.makeStore()
  let garbage = store.map {
    GarbageRun(
      GarbageCollector(CollectionQueries(session), store: $0, settings: settings.collection, logger: logger),
      seconds: settings.collectionSeconds, logger: logger)
  }
  let heartbeat = Heartbeat(
    WorkerQueries(session),
    facts: WorkerQueries.Facts(settings.identity, version: Version.current, mode: mode.rawValue), logger: logger)
  let queries = ReportQueries(session, hashes: settings.hashes)
  let look = CachedLook(queries)
  let handler = RetryHandler(
    sweep: Sweep(queries: queue, waker: waker, garbage: garbage),
    operations: Operations(queries: OperatorQueries(session), waker: waker, look: look),
    reports: Reports(queries: queries, look: look, version: Version.current), waker: waker,
    heartbeat: mode == .fastCGI ? heartbeat : nil)
  let door = FrontDoor(handler, callers: settings.auth)
  logger.info(
    "started",
    [
      .version: .text(Version.current), .mode: .text(mode.rawValue), .host: .text(settings.identity.host),
      .store: .text(store?.summary ?? "none: nothing is collected here"), .handlers: .text(settings.delivery.handlersURL),
    ])
  Service.run(door, mode: mode, limits: settings.limits, logger: logger) { heartbeat.beat() }
  if mode == .fastCGI { heartbeat.leave() }
} catch {
  options.fail(error)
}
