package import Failures

extension Response {
  /// An error answer: `{"success":false,"error":text}`, with `code` and `retryable` if the failure has a class.
  package static func failure(
    _ status: Int, _ text: String, code: String? = nil, isRetryable: Bool? = nil,
    headers: [(name: String, value: String)] = []
  ) -> Response {
    .json(status, ReplyJSON.encode(FailureBody(error: text, code: code, retryable: isRetryable)), headers: headers)
  }

  /// The answer to a failure of a class, which says whether it is retried.
  package static func failure(
    _ status: Int, _ text: String, _ failureClass: FailureClass, headers: [(name: String, value: String)] = []
  ) -> Response {
    .failure(status, text, code: failureClass.rawValue, isRetryable: failureClass.isRetryable, headers: headers)
  }

  /// The answer to an error. With a status that asks the caller to come again (409, 503), it has `Retry-After`.
  package static func failure(_ error: any ClassifiedError) -> Response {
    let comesAgain = [409, 503].contains(error.httpStatus)
    return .failure(
      error.httpStatus, error.description, error.failureClass,
      headers: comesAgain ? [retryAfter(error.retryAfterSeconds ?? 10)] : [])
  }

  /// The answer to a request that is itself at fault: sent again, it is refused again.
  package static func refusal(_ status: Int, _ text: String) -> Response { .failure(status, text, .request) }

  /// The answer to the id of a video that does not exist.
  package static let videoNotFound: Response = .refusal(404, "Video not found")

  /// The answer to `OPTIONS`, which needs no secret.
  static var preflight: Response {
    Response(status: 200, headers: CORS.headers + [("Access-Control-Max-Age", "86400")])
  }

  /// - Parameter methods: the allowed ones, without `OPTIONS` and `HEAD`.
  static func methodNotAllowed(_ methods: [String]) -> Response {
    let allowed = methods + ["OPTIONS"] + (methods.contains("GET") ? ["HEAD"] : [])
    return .failure(405, "Method not allowed", .request, headers: [("Allow", allowed.joined(separator: ", "))])
  }

  /// The `Retry-After` field in whole seconds, from 1 to a day, whatever a database or a store has said.
  package static func retryAfter(_ seconds: Double) -> (name: String, value: String) {
    ("Retry-After", "\(seconds.isNaN ? 1 : Int(min(max(seconds.rounded(.up), 1), 86_400)))")
  }

  /// The answer to a known caller who may not do what it asks for.
  static let looksOnly: Response = .refusal(403, "This secret may look, and do nothing else")

  /// The answer to a request in which no secret arrived. It differs from ``unknownSecret`` as RFC 6750, section 3.1, says, so that callers can
  /// tell when a proxy has removed their header.
  static let noSecret: Response = .unauthorized("Bearer")
  static let unknownSecret: Response = .unauthorized("Bearer error=\"invalid_token\"")

  /// Made once for each challenge, so that guessing secrets costs as little as possible.
  private static func unauthorized(_ challenge: String) -> Response {
    .failure(401, "Unauthorized", headers: [("WWW-Authenticate", challenge)])
  }
}

private struct FailureBody: Encodable {
  var success = false
  let error: String
  let code: String?
  let retryable: Bool?
}
