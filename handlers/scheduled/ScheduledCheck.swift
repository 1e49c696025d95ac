internal import CommandLineTool
internal import Deadlines
internal import FoundationEssentials
internal import Programs
internal import Settings
internal import Transfer

/// `--check`: checks the settings, and whether retry-stuck-thumbnails is reached and knows the secret. It uses GET, which starts nothing.
struct ScheduledCheck: CheckCommand {
  func look(with settings: ScheduledSettings, _ report: inout CheckReport) {
    report.check("handlers") { try look(settings) }
  }

  private func look(_ settings: ScheduledSettings) throws(CheckProblem) -> String {
    var request = HTTPRequest(
      .get, "\(settings.handlersURL)/functions/v1/retry-stuck-thumbnails?limit=1",
      deadline: .after(seconds: settings.timeoutSeconds))
    request.headers = [("Authorization", "Bearer \(settings.bearer.exposed)")]
    request.connectSeconds = 3
    let response: HTTPResponse
    do {
      response = try HTTPClient().perform(request)
    } catch {
      throw CheckProblem("\(settings.handlersURL) cannot be reached: \(error). Are nginx and the handlers started?")
    }
    switch response.status {
    case 200:
      guard (try? JSONDecoder().decode(Reply.self, from: Data(response.body)))?.success == true else {
        throw CheckProblem("what answers at \(settings.handlersURL) is not retry-stuck-thumbnails")
      }
      return "answers at \(settings.handlersURL), and knows the secret"
    case _ where response.isUnknownSecret:
      throw CheckProblem(
        "retry-stuck-thumbnails does not know the secret: is CRON_SECRET (or SERVICE_ROLE_KEY) the same there?")
    default: throw CheckProblem("retry-stuck-thumbnails, at \(settings.handlersURL), answers \(response.outcome)")
    }
  }

  /// The report's `success`; any web server may answer 200.
  private struct Reply: Decodable {
    let success: Bool
  }
}
