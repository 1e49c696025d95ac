internal import CommandLineTool
internal import Database
internal import DatabaseClient
internal import DecoderClient
internal import Decoding
internal import Logging
internal import Programs
internal import Transfer
internal import Uploads

/// `--check`: checks settings, database, decoder, storage and its public side, and reports a line for each.
struct GenerateCheck: CheckCommand {
  func look(with settings: GenerateSettings, _ report: inout CheckReport) {
    let logger = Logger(service: "auto-generate-thumbnail", level: .error)
    let store = settings.storage.makeStore()
    lookAtDatabase(CheckQueries(Session(settings.database, logger: logger)), store, &report)
    let options = settings.rendering.thumbnail
    var made: [ImageFormat: [UInt8]] = [:]
    report.check("decoder") {
      try Decoder(settings.rendering.decoder, style: .lasting, logger: logger).check(options) { made[$0.format] = $0.bytes }
    }
    lookAtStorage(store, options, made, &report)
  }

  private func lookAtDatabase(_ queries: CheckQueries, _ store: any ObjectStore, _ report: inout CheckReport) {
    report.check("database") { try queries.describe() }
    report.advise("migrations") {
      guard try queries.hasMigrationsOfThisVersion() else {
        throw CheckProblem("another version's are applied: run this version's thumbnail-handlers-migrate (scripts/migrate)")
      }
      return "those of this version"
    }
    report.advise("clock") {
      let seconds = try queries.secondsAhead()
      guard seconds.magnitude > 60 else { return "within a minute of the database's" }
      throw CheckProblem(
        "this host is \(seconds.magnitude) s \(seconds > 0 ? "ahead of" : "behind") the database: where a clock is wrong, stores refuse uploads, "
          + "and certificates are not valid yet or no longer; run an NTP client on both")
    }
    report.check("a video") {
      if let problem = try queries.problemOfOneVideo(picturesAt: store.publicURL("")) { throw CheckProblem(problem) }
      return "one went through triggers, queue, claim and result, and was rolled back"
    }
  }

  /// - Parameter made: a picture of each format that the decoder made.
  private func lookAtStorage(
    _ store: any ObjectStore, _ options: ThumbnailOptions, _ made: [ImageFormat: [UInt8]], _ report: inout CheckReport
  ) {
    func makeProbe(_ format: ImageFormat) -> StorageProbe {
      StorageProbe(store: store, client: HTTPClient(), format: format, picture: made[format])
    }
    let probe = makeProbe(options.mainFormat)
    var isStored = false
    report.check("storage") {
      try probe.put()
      isStored = true
      return try probe.read()
    }
    guard isStored else { return }
    // Only advice: this host may be the only one that cannot reach the public URL.
    report.advise("public URL") { try probe.lookFromOutside() }
    for format in options.formats where format != options.mainFormat {
      report.advise("public URL, \(format)") {
        let probe = makeProbe(format)
        try probe.put()
        let seen = Result { try probe.lookFromOutside() }
        _ = try probe.delete()
        return try seen.get()
      }
    }
    report.advise("storage, listing") { try probe.list() }
    report.advise("storage, lifetime") { try probe.checkExpiry() }
    var isGone = true
    report.check("storage, deletion") {
      isGone = try probe.delete()
      return isGone ? "the probe object is gone" : "the probe object is marked as deleted"
    }
    guard !isGone else { return }
    report.advise("storage, versions") {
      throw StorageError(
        "the bucket keeps versions: deleted pictures stay in it and cost, until a lifecycle rule of yours removes versions that are not current"
      )
    }
  }
}
