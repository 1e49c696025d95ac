internal import Deadlines
internal import Failures
internal import FastCGI
internal import HandlerCalls
internal import Settings
internal import Transfer

/// Calls retry-stuck-thumbnails over HTTP.
struct RetryCaller {
  let settings: ScheduledSettings
  let transport: any HTTPTransport

  struct Outcome {
    let body: [UInt8]
    /// Why it failed; nil if both sides report success.
    let failure: String?
  }

  func call() -> Outcome {
    let timestamp = ReplyJSON.timestampNow
    var request = HTTPRequest(
      .post, "\(settings.handlersURL)/functions/v1/retry-stuck-thumbnails", deadline: .after(seconds: settings.timeoutSeconds))
    request.headers = [("Authorization", "Bearer \(settings.bearer.exposed)"), ("Content-Type", "application/json")]
    request.body = Array("{}".utf8)
    do {
      let response = try transport.perform(request)
      guard response.isHandlersSuccess else {
        let reason = response.isWithoutSecret ? "" : response.member("error").map { ": \($0)" } ?? ""
        let code = response.isUnknownSecret ? .configuration : response.member("code").flatMap(FailureClass.init)
        return failure("retry-stuck-thumbnails answered \(response.outcome)\(reason)", code ?? .lost, timestamp)
      }
      // The reply was just decoded, so it is valid JSON and can be inserted unchanged.
      let text = String(decoding: response.body, as: UTF8.self)
      return Outcome(body: Array("{\"success\":true,\"result\":\(text),\"timestamp\":\"\(timestamp)\"}".utf8), failure: nil)
    } catch {
      return failure("retry-stuck-thumbnails cannot be reached: \(error)", .lost, timestamp)
    }
  }

  private func failure(_ text: String, _ failureClass: FailureClass, _ timestamp: String) -> Outcome {
    let reply = Failure(code: failureClass.rawValue, error: text, retryable: failureClass.isRetryable, timestamp: timestamp)
    return Outcome(body: ReplyJSON.encode(reply), failure: text)
  }

  private struct Failure: Encodable {
    let code: String
    let error: String
    let retryable: Bool
    var success = false
    let timestamp: String
  }
}
