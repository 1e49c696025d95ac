package import Logging

/// What comes before the work of every handler: the preflight, whether a worker answers at all, the method, the bearer.
package struct FrontDoor<Handler: AuthenticatedHandler>: RequestHandler {
  private let handler: Handler
  private let identify: (_ authorization: String?) -> Handler.Caller?

  /// - Parameter identify: who shows this `Authorization` header; nil for nobody.
  package init(_ handler: Handler, identify: @escaping (_ authorization: String?) -> Handler.Caller?) {
    self.handler = handler
    self.identify = identify
  }

  /// `HEAD` is `GET` without the body.
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
    guard let caller = identify(request.header("Authorization")) else { return Reply(.unauthorized) }
    guard request.method == "GET" || handler.mayAct(caller) else { return Reply(.looksOnly) }
    return handler.reply(to: request, from: caller, logger: logger)
  }

  /// Passed on to the handler.
  package func goOn(while isFree: @escaping () -> Bool, logger: Logger) -> Bool { handler.goOn(while: isFree, logger: logger) }

  /// Passed on to the handler.
  package func rest() { handler.rest() }
}
