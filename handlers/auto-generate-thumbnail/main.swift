internal import Auth
internal import CommandLineTool
internal import Database
internal import DatabaseClient
internal import DecoderClient
internal import FastCGI
internal import Glibc
internal import Logging
internal import Settings
internal import Uploads

CoreDumps.forbid()
let options = StandardOptions(
  name: "auto-generate-thumbnail", help: Help.text, arguments: Array(CommandLine.arguments.dropFirst()))
let environment = Environment.process
let mode = RunMode.detect(environment)

if mode == .commandLine {
  options.answerHelpAndVersion()
  switch options.arguments.first {
  case "render":
    do {
      exit(try RenderCommand(Array(options.arguments.dropFirst())).run(environment))
    } catch {
      options.refuse("\(error)")
    }
  case "gc":
    do {
      exit(try CollectCommand(Array(options.arguments.dropFirst())).run(environment))
    } catch {
      options.refuse("\(error)")
    }
  case "--check": exit(CheckCommand().run(environment))
  case let other?: options.refuse("unknown command \(other)")
  case nil: options.refuse("nothing to do: start it as FastCGI or CGI, or with a command")
  }
}

FastCGIServer.prepareSignals()
do {
  let settings = try HandlerSettings(environment)
  let logger = Logger(service: "auto-generate-thumbnail", level: settings.logLevel)
  let session = Session(settings.database, logger: logger)
  let authenticator = BearerAuthenticator(settings.auth)
  let pipeline = Pipeline(settings.rendering, decoders: mode == .cgi ? .once : .lasting, logger: logger)
  let handler = ThumbnailHandler(
    queries: ThumbnailQueries(session, host: settings.work.host), store: settings.storage.makeStore(),
    pipeline: pipeline, work: settings.work,
    deadlineSeconds: settings.limits.deadlineSeconds)
  let door = FrontDoor(handler, identify: authenticator.caller(authorization:))
  if mode == .fastCGI { try pipeline.startDecoder() }
  Service.run(door, mode: mode, limits: settings.limits, logger: logger) {
    _ = session.waitUntilReachable { FastCGIServer.shouldStop }
  }
} catch {
  StandardError.write("auto-generate-thumbnail: \(error)\n")
  exit(78)  // EX_CONFIG
}
