package import Auth
package import Logging

/// A handler behind a ``FrontDoor``: it gets only requests with a method that it supports, from a caller who may send them.
package protocol AuthenticatedHandler {
  /// The methods supported at a path, without `OPTIONS`. Callers who may only look can use only GET.
  func methods(at path: String) -> [String]
  /// - Parameter logger: carries the request's id in every line.
  func reply(to request: Request, from caller: Caller, logger: Logger) -> Reply
  /// As ``RequestHandler/continueWork(while:logger:)``.
  func continueWork(while isFree: @escaping () -> Bool, logger: Logger) -> Bool
  /// As ``RequestHandler/beat()``.
  func beat()
}

extension AuthenticatedHandler {
  /// Does nothing.
  package func beat() {}
  /// Returns false: there is nothing to do.
  package func continueWork(while isFree: @escaping () -> Bool, logger: Logger) -> Bool { false }
}
