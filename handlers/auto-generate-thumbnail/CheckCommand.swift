internal import CommandLineTool
internal import Database
internal import DatabaseClient
internal import Deadlines
internal import DecoderClient
internal import Logging
internal import Settings
internal import Uploads

/// `--check`: settings, database, decoder and storage, a line each.
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
    report.check("decoder") { try Decoder(settings.rendering.decoder, style: .lasting, logger: logger).check() }
    report.check("storage") { try probe(settings.storage.makeStore()) }
    return report.exitStatus
  }

  /// Puts, reads, compares and deletes an object.
  private func probe(_ store: any ObjectStore) throws -> String {
    let key = "\(ObjectKey.prefix)check/probe-\(UInt64.random(in: .min ... .max)).txt"
    let bytes = Array("probe of auto-generate-thumbnail --check\n".utf8)
    let deadline = Deadline.after(seconds: 20)
    try store.put(bytes, key: key, contentType: "text/plain", deadline: deadline)
    let read = Result { try store.get(key, deadline: deadline) }
    try store.delete(key, deadline: deadline)
    guard try read.get() == bytes else { throw StorageError("the probe object came back different") }
    return store.summary
  }
}
