package import CommandLineTool
internal import Database
internal import Deadlines
internal import HandlerCalls

extension DeliverySettings {
  /// For `--check`: posts to auto-generate-thumbnail as deliveries do. The id belongs to no video, so nothing is started.
  ///
  /// - Returns: a sentence for the operator.
  package func probe() throws(CheckProblem) -> String {
    let request = post(of: VideoID.ofNone, deadline: .after(seconds: 10))
    return try request.probe("auto-generate-thumbnail", at: handlersURL, secret: "WEBHOOK_SECRET") { response in
      if case .failed = DeliveryReply(.success(response)) { false } else { true }
    }
  }
}
