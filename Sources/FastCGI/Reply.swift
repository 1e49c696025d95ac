/// A handler's answer, and what it does after the answer is sent.
package struct Reply {
  /// The response as the handler made it: ``response(fromIdleWorker:)`` adds a header field if ``continuesWork`` is set.
  package let response: Response
  /// Runs after the response has been sent and the request closed.
  package let afterwards: (() -> Void)?
  /// Whether the handler does more work afterwards: see ``RequestHandler/continueWork(while:logger:)``.
  package let continuesWork: Bool

  package init(_ response: Response, continuesWork: Bool = false, afterwards: (() -> Void)? = nil) {
    self.response = response
    self.continuesWork = continuesWork
    self.afterwards = afterwards
  }

  /// The response with a `Thumbnail-Worker` field, which tells the sender whether waking more workers is of use: `idle` if this worker had
  /// nothing to do, `busy` if it answered between two jobs.
  func response(fromIdleWorker isIdle: Bool) -> Response {
    guard continuesWork else { return response }
    var response = response
    response.headers.append(("Thumbnail-Worker", isIdle ? "idle" : "busy"))
    return response
  }
}
