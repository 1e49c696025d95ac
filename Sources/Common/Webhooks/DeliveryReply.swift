internal import Database
internal import FoundationEssentials
internal import Transfer

/// What a reply of auto-generate-thumbnail means for the outbox row.
enum DeliveryReply {
  /// - Parameters:
  ///   - result: the reply, or why there is none.
  /// - Returns: the row's settlement. Where a claim was made the row has a new version by now and this changes nothing.
  static func settlement(_ result: Result<HTTPResponse, any Error>) -> Settlement {
    guard case .success(let response) = result else { return .later(seconds: nil) }
    switch response.status {
    case 200..<300:
      guard let body = body(of: response) else { return .later(seconds: nil) }
      // Skipped because it is not due yet: it says when.
      if body.skipped == true, let seconds = body.retryAfterSeconds { return .later(seconds: seconds) }
      return body.success ? .done : .later(seconds: nil)
    case 409:
      return .later(seconds: response.retryAfterSeconds)
    case 404 where body(of: response)?.code == "request":
      // No such video (any other 404 is a web server without the handler).
      return .done
    default:
      return .later(seconds: response.retryAfterSeconds)
    }
  }

  private static let decoder = JSONDecoder()

  private static func body(of response: HTTPResponse) -> Body? { try? decoder.decode(Body.self, from: Data(response.body)) }

  private struct Body: Decodable {
    let success: Bool
    let skipped: Bool?
    let retryAfterSeconds: Double?
    let code: String?
  }
}
