package import Logging

/// Answers requests, one at a time.
package protocol RequestHandler {
  /// - Parameter logger: carries the request's id in every line.
  func reply(to request: Request, logger: Logger) -> Reply

  /// Works on by itself after a reply that says so, in pieces that end within a request's deadline.
  ///
  /// - Parameter isFree: to be asked before each piece: false when a request waits, when the process is told to stop, or when its time is
  ///   over.
  /// - Returns: whether there may be more to do, so that it is called again when that request has been served.
  func goOn(while isFree: @escaping () -> Bool, logger: Logger) -> Bool

  /// Called whenever there is time: between two requests or pieces of work, and once a minute while there is nothing to do.
  func rest()
}
