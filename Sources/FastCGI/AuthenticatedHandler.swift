package import Auth
package import Logging

/// A handler behind a ``FrontDoor``: it sees only requests of a method it answers, from a caller who may send it.
package protocol AuthenticatedHandler {
  /// The methods it answers at a path, `OPTIONS` apart. Only GET is open to who may only look.
  func methods(at path: String) -> [String]
  /// - Parameter logger: carries the request's id in every line.
  func reply(to request: Request, from caller: Caller, logger: Logger) -> Reply
  /// As ``RequestHandler/goOn(while:logger:)``.
  func goOn(while isFree: @escaping () -> Bool, logger: Logger) -> Bool
  /// As ``RequestHandler/rest()``.
  func rest()
}

extension AuthenticatedHandler {
  /// Does nothing.
  package func rest() {}
  /// Returns false: there is nothing to do.
  package func goOn(while isFree: @escaping () -> Bool, logger: Logger) -> Bool { false }
}
