internal import CommandLineTool
internal import Database
internal import DatabaseClient
internal import DecoderClient
internal import Logging
internal import Settings
internal import Transfer
internal import Uploads

/// `--check`: settings, database, decoder, storage and what the public sees of it, a line each.
struct CheckCommand {
  /// - Returns: the process's exit status.
  func run(_ environment: Environment) -> Int32 {
    var report = CheckReport()
    var loaded: HandlerSettings?
    report.check("settings") {
      loaded = try HandlerSettings(environment)
      return "complete"
    }
    guard let settings = loaded else { return report.exitStatus }
    let logger = Logger(service: "auto-generate-thumbnail", level: .error)
    let queries = CheckQueries(Session(settings.database, logger: logger))
    report.check("database") { try queries.describe() }
    report.check("a video") { try queries.tryOneVideo() }
    report.check("decoder") {
      try Decoder(settings.rendering.decoder, style: .lasting, logger: logger).check(settings.rendering.thumbnail)
    }
    let probe = StorageProbe(store: settings.storage.makeStore(), client: HTTPClient())
    var isStored = false
    report.check("storage") {
      let summary = try probe.putAndRead()
      isStored = true
      return summary
    }
    guard isStored else { return report.exitStatus }
    // Whether everybody sees what is there: this host may be the one that does not.
    report.advise("public URL") { try probe.lookFromOutside() }
    report.check("storage, deletion") { try probe.delete() }
    return report.exitStatus
  }
}
