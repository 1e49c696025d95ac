internal import CommandLineTool
internal import Database
internal import DatabaseClient
internal import FoundationEssentials
internal import Logging
internal import Programs
internal import Webhooks

/// `--check`: checks settings, database, the handlers it wakes, `system_config`, and the database's own webhooks, and reports a line for
/// each.
struct RetryCheck: CheckCommand {
  func look(with settings: RetrySettings, _ report: inout CheckReport) {
    let session = Session(settings.database, logger: Logger(service: "retry-stuck-thumbnails", level: .error))
    report.check("database") { try CheckQueries(session).describe() }
    report.check("handlers") { try settings.delivery.probe() }
    var isEnabled = true
    var problems: [String]?
    report.check("system_config") {
      let look = try JSONDecoder().decode(
        Configuration.self, from: Data(ReportQueries(session, hashes: settings.hashes).look().utf8))
      isEnabled = look.enabled
      problems = look.processProblems
      if let missing = look.missingConfiguration { throw CheckProblem(missing) }
      return "complete"
    }
    if !isEnabled {
      report.advise("generation") {
        throw CheckProblem("system_config.auto_thumbnail_enabled is off: no thumbnail is made")
      }
    }
    if let problems {
      report.advise("processes and sweep") {
        if !problems.isEmpty { throw CheckProblem(problems.joined(separator: "; ")) }
        return "nothing is known that keeps videos waiting"
      }
    }
    report.check("webhooks of the database") {
      let problems = try JSONDecoder().decode(
        [String].self, from: Data(ReportQueries(session, hashes: settings.hashes).deliveryProblems().utf8))
      if !problems.isEmpty { throw CheckProblem(problems.joined(separator: "; ")) }
      return "nothing stands in their way"
    }
  }

  private struct Configuration: Decodable {
    let enabled: Bool
    let missingConfiguration: String?
    let processProblems: [String]
  }
}
