package import Auth
package import Logging

/// Answers requests, one at a time. It is behind a ``FrontDoor``, and gets only requests with a method that it supports, from a caller who
/// may send them.
package protocol RequestHandler {
  /// The methods supported at a path, without `OPTIONS`. Callers who may only look can use only GET.
  func methods(at path: String) -> [String]
  /// - Parameter logger: carries the request's id in every line.
  func reply(to request: Request, from caller: Caller, logger: Logger) -> Reply

  /// Does more work after a reply with `continuesWork`, in pieces that each end within a request's deadline.
  ///
  /// - Parameter isFree: must be called before each piece. It returns false when a request waits, the process is told to stop, or its time
  ///   is over.
  /// - Returns: whether there may be more to do; if so, it is called again after the waiting request.
  func continueWork(while isFree: @escaping () -> Bool, logger: Logger) -> Bool

  /// Called regularly: between requests and between pieces of work, and once a minute while there is nothing to do.
  func beat()
}

extension RequestHandler {
  package func beat() {}
  package func continueWork(while isFree: @escaping () -> Bool, logger: Logger) -> Bool { false }
}
