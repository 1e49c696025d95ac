internal import CommandLineTool
internal import Database
internal import DatabaseClient
internal import FoundationEssentials
internal import Logging
internal import Programs
internal import Webhooks

/// `--check`: settings, database, the handlers it wakes, and what stands in the way of the database's own webhooks, a line each.
struct RetryCheck: CheckCommand {
  func look(with settings: RetrySettings, _ report: inout CheckReport) {
    let session = Session(settings.database, logger: Logger(service: "retry-stuck-thumbnails", level: .error))
    report.check("database") { try CheckQueries(session).describe() }
    report.check("handlers") { try DeliveryProbe(settings.delivery).look() }
    report.check("webhooks of the database") {
      let problems = try JSONDecoder().decode(
        [String].self, from: Data(ReportQueries(session, hashes: settings.hashes).deliveryProblems().utf8))
      if !problems.isEmpty { throw DeliveryProblems(sentences: problems) }
      return "nothing stands in their way"
    }
  }
}
