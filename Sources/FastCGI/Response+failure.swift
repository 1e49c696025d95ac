extension Response {
  /// An error answer: `{"success":false,"error":text}`, with `code` and `retryable` where the failure has a class.
  package static func failure(
    _ status: Int, _ text: String, code: String? = nil, isRetryable: Bool? = nil,
    headers: [(name: String, value: String)] = []
  ) -> Response {
    .json(status, ReplyJSON.encode(FailureBody(error: text, code: code, retryable: isRetryable)), headers: headers)
  }

  /// The answer to `OPTIONS`, which needs no secret.
  package static var preflight: Response {
    Response(status: 200, headers: CORS.headers + [("Access-Control-Max-Age", "86400")])
  }

  /// - Parameter methods: those that are, `OPTIONS` and `HEAD` apart.
  package static func methodNotAllowed(_ methods: [String]) -> Response {
    let allowed = methods + ["OPTIONS"] + (methods.contains("GET") ? ["HEAD"] : [])
    return .failure(405, "Method not allowed", headers: [("Allow", allowed.joined(separator: ", "))])
  }

  /// The `Retry-After` field: whole seconds, up to a day, whatever a database or a store has said.
  package static func retryAfter(_ seconds: Double) -> (name: String, value: String) {
    ("Retry-After", "\(seconds.isNaN ? 1 : Int(min(max(seconds.rounded(.up), 1), 86_400)))")
  }

  /// For a caller that is known and may not do what it asks for.
  package static let looksOnly: Response = .failure(
    403, "This secret may look, and do nothing else", code: "request", isRetryable: false)

  /// Made once: whoever guesses at secrets shall not cost more than that.
  package static let unauthorized: Response = .failure(401, "Unauthorized", headers: [("WWW-Authenticate", "Bearer")])
}

private struct FailureBody: Encodable {
  var success = false
  let error: String
  let code: String?
  let retryable: Bool?
}
