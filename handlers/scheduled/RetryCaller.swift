internal import Deadlines
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
        return failure("retry-stuck-thumbnails answered \(response.outcome)", timestamp)
      }
      // The reply was just decoded, so it is valid JSON and can be inserted unchanged.
      let text = String(decoding: response.body, as: UTF8.self)
      return Outcome(body: Array("{\"success\":true,\"result\":\(text),\"timestamp\":\"\(timestamp)\"}".utf8), failure: nil)
    } catch {
      return failure("retry-stuck-thumbnails cannot be reached: \(error)", timestamp)
    }
  }

  private func failure(_ text: String, _ timestamp: String) -> Outcome {
    Outcome(body: ReplyJSON.encode(Failure(error: text, timestamp: timestamp)), failure: text)
  }

  private struct Failure: Encodable {
    let error: String
    var success = false
    let timestamp: String
  }
}
