internal import Database
internal import Deadlines
internal import Transfer

/// For `--check`: posts to auto-generate-thumbnail as deliveries do, to see whether it is reached and knows the secret. The id belongs to
/// no video, so nothing is started.
package struct DeliveryProbe {
  private let settings: DeliverySettings

  package init(_ settings: DeliverySettings) {
    self.settings = settings
  }

  /// Why deliveries would fail, for the operator.
  package struct Problem: Error, CustomStringConvertible {
    package let description: String
  }

  /// - Returns: a sentence for the operator.
  /// - Throws: ``Problem``.
  package func look() throws(Problem) -> String {
    let request = settings.post(of: VideoID.ofNone, deadline: .after(seconds: 10))
    let response: HTTPResponse
    do {
      response = try HTTPClient().perform(request)
    } catch {
      throw Problem(description: "\(settings.handlersURL) cannot be reached: \(error). Are nginx and the handlers started?")
    }
    if response.isUnknownSecret {
      throw Problem(
        description: "auto-generate-thumbnail does not know the secret: is WEBHOOK_SECRET (or SERVICE_ROLE_KEY) the same there?"
      )
    }
    if case .failed = DeliveryReply(.success(response)) {
      throw Problem(
        description: response.isSuccess
          ? "what answers at \(settings.handlersURL) is not auto-generate-thumbnail"
          : "auto-generate-thumbnail, at \(settings.handlersURL), answers \(response.outcome)")
    }
    return "answers at \(settings.handlersURL), and knows the secret"
  }
}
