package import Logging

/// Answers requests, one at a time.
package protocol RequestHandler {
  /// - Parameter logger: carries the request's id in every line.
  func reply(to request: Request, logger: Logger) -> Reply
}
