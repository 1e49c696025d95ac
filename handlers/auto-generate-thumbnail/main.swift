internal import CommandLineTool
internal import Database
internal import DatabaseClient
internal import DecoderClient
internal import FastCGI
internal import Heartbeat
internal import Logging
internal import Programs
internal import Settings
internal import Uploads

CoreDumps.forbid()
BrokenPipes.areErrors()
let options = StandardOptions(name: "auto-generate-thumbnail", help: Help.text)
let environment = Environment.process
guard let mode = RunMode.detect(environment) else {
  options.answer(GenerateSettings.self)
  let arguments = Array(options.arguments.dropFirst())
  do {
    switch options.arguments.first {
    case "render": options.finish(try RenderCommand(arguments).run(environment))
    case "gc": options.finish(try CollectCommand(arguments).run(environment))
    case "--check": options.finish(GenerateCheck().run(environment))
    case let other?: options.refuse("unknown command \(other)")
    case nil: options.refuse("nothing to do: start it as FastCGI or CGI, or with a command")
    }
  } catch {
    options.refuse("\(error)")
  }
}

GracefulStop.install()
do {
  let settings = try GenerateSettings(environment, isLasting: mode == .fastCGI)
  let logger = Logger(service: "auto-generate-thumbnail", settings: settings.log)
  let session = Session(settings.database, logger: logger)
  let pipeline = Pipeline(settings.rendering, decoders: mode == .cgi ? .once : .lasting, logger: logger)
  let store = settings.storage.makeStore()
  let sandbox = settings.rendering.decoder.sandbox.rawValue
  let heartbeat = Heartbeat(
    WorkerQueries(session),
    facts: WorkerQueries.Facts(settings.identity, version: Version.current, mode: mode.rawValue, sandbox: sandbox),
    logger: logger)
  let handler = ThumbnailHandler(
    queries: ThumbnailQueries(session, host: settings.identity.host, queuesStoryboards: settings.work.makesStoryboards),
    heartbeat: heartbeat, store: store, pipeline: pipeline, work: settings.work,
    deadlineSeconds: settings.limits.deadlineSeconds)
  let door = FrontDoor(handler, callers: settings.auth)
  let decoder = mode == .fastCGI ? try pipeline.startDecoder() : "one for each video"
  logger.info(
    "started",
    [
      .version: .text(Version.current), .mode: .text(mode.rawValue), .host: .text(settings.identity.host),
      .store: .text(store.summary), .sandbox: .text(sandbox), LogKey(rawValue: "decoder"): .text(decoder),
    ])
  Service.run(door, mode: mode, limits: settings.limits, logger: logger) { heartbeat.beat() }
  if mode == .fastCGI { heartbeat.leave() }
} catch {
  options.fail(error)
}
