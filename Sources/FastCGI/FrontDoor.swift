package import Auth
package import Logging

/// What every request passes before its handler: the preflight, the health check, the method, the bearer token.
package struct FrontDoor {
  let handler: any RequestHandler
  private let authenticator: BearerAuthenticator

  /// - Parameter callers: the secrets of all known callers.
  package init(_ handler: any RequestHandler, callers: AuthSettings) {
    self.handler = handler
    authenticator = BearerAuthenticator(callers)
  }

  /// Answers `HEAD` as `GET`, without the body.
  package func reply(to request: Request, logger: Logger) -> Reply {
    guard request.method == "HEAD" else { return answer(request, logger) }
    var asked = request
    asked.method = "GET"
    let reply = answer(asked, logger)
    var response = reply.response
    response.omitsBody = true
    return Reply(response, afterwards: reply.afterwards)
  }

  private func answer(_ request: Request, _ logger: Logger) -> Reply {
    if request.method == "OPTIONS" { return Reply(.preflight) }
    if request.path == "/health" {
      return Reply(request.method == "GET" ? .json(200, Array("{\"status\":\"ok\"}".utf8)) : .methodNotAllowed(["GET"]))
    }
    let methods = handler.methods(at: request.path)
    guard methods.contains(request.method) else {
      return Reply(.methodNotAllowed(methods))
    }
    guard let caller = authenticator.caller(authorization: request.header("Authorization")) else { return Reply(.unauthorized) }
    guard request.method == "GET" || caller.mayAct else { return Reply(.looksOnly) }
    return handler.reply(to: request, from: caller, logger: logger)
  }
}
