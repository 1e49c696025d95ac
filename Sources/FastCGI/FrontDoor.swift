package import Logging

/// What comes before the work of every handler: the preflight, the method, the bearer.
package struct FrontDoor<Handler: AuthenticatedHandler>: RequestHandler {
  private let handler: Handler
  private let identify: (_ authorization: String?) -> Handler.Caller?

  /// - Parameter identify: who shows this `Authorization` header; nil for nobody.
  package init(_ handler: Handler, identify: @escaping (_ authorization: String?) -> Handler.Caller?) {
    self.handler = handler
    self.identify = identify
  }

  package func reply(to request: Request, logger: Logger) -> Reply {
    if request.method == "OPTIONS" { return Reply(.preflight) }
    let methods = handler.methods(at: request.path)
    guard methods.contains(request.method) else {
      return Reply(.methodNotAllowed((methods + ["OPTIONS"]).joined(separator: ", ")))
    }
    guard let caller = identify(request.header("Authorization")) else { return Reply(.unauthorized) }
    return handler.reply(to: request, from: caller, logger: logger)
  }

  package func goOn(while isFree: @escaping () -> Bool, logger: Logger) -> Bool { handler.goOn(while: isFree, logger: logger) }
}
