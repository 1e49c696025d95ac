internal import CommandLineTool
internal import Database
internal import DatabaseClient
internal import Logging
internal import Programs
internal import Webhooks

/// `--check`: checks settings, database, the handlers it wakes, `system_config`, and the database's own webhooks, and reports a line for
/// each.
struct RetryCheck: CheckCommand {
  func look(with settings: RetrySettings, _ report: inout CheckReport) {
    let session = Session(settings.database, logger: Logger(service: "retry-stuck-thumbnails", level: .error))
    let reports = ReportQueries(session, hashes: settings.hashes)
    report.check("database") { try CheckQueries(session).describe() }
    report.check("handlers") { try settings.delivery.probe() }
    var seen: Snapshot?
    report.check("system_config") {
      let look = try Snapshot(json: reports.look())
      seen = look
      if let missing = look.missingConfiguration { throw CheckProblem(missing) }
      return "complete"
    }
    if let seen {
      if !seen.enabled {
        report.advise("generation") {
          throw CheckProblem("system_config.auto_thumbnail_enabled is off: no thumbnail is made")
        }
      }
      report.advise("processes and sweep") {
        if !seen.processProblems.isEmpty { throw CheckProblem(seen.processProblems.joined(separator: "; ")) }
        return "all that are known of are well"
      }
      report.advise("pauses and refusals") {
        if !seen.hindrances.isEmpty { throw CheckProblem(seen.hindrances.joined(separator: "; ")) }
        return "there are none"
      }
    }
    report.check("webhooks of the database") {
      let problems = try [String](json: reports.deliveryProblems())
      if !problems.isEmpty { throw CheckProblem(problems.joined(separator: "; ")) }
      return "nothing stands in their way"
    }
  }
}
