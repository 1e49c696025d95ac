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
    var asked = request
    if request.method == "HEAD" { asked.method = "GET" }
    let reply =
      switch entry(of: asked) {
      case .answered(let response): Reply(response)
      case .admitted(let caller): handler.reply(to: asked, from: caller, logger: logger)
      }
    guard request.method == "HEAD" else { return reply }
    var response = reply.response
    response.omitsBody = true
    return Reply(response, afterwards: reply.afterwards)
  }

  /// Whether a request with this head reaches the handler. Nobody else's body is read.
  func admits(_ request: Request) -> Bool {
    if case .admitted = entry(of: request) { true } else { false }
  }

  private enum Entry {
    case answered(Response)
    case admitted(Caller)
  }

  private func entry(of request: Request) -> Entry {
    if request.method == "OPTIONS" { return .answered(.preflight) }
    if request.path == "/health" {
      return .answered(request.method == "GET" ? .json(200, Array("{\"status\":\"ok\"}".utf8)) : .methodNotAllowed(["GET"]))
    }
    let methods = handler.methods(at: request.path)
    guard methods.contains(request.method) else { return .answered(.methodNotAllowed(methods)) }
    let authorization = request.header("Authorization")
    guard let caller = authenticator.caller(authorization: authorization) else {
      return .answered(authorization == nil ? .noSecret : .unknownSecret)
    }
    return request.method == "GET" || caller.mayAct ? .admitted(caller) : .answered(.looksOnly)
  }
}
