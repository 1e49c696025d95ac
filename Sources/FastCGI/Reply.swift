/// What a handler answers, and what it goes on doing once the answer is out.
package struct Reply {
  /// What is sent, with a field more where ``goesOn`` is set: see ``response(fromIdleWorker:)``.
  package let response: Response
  /// Runs after the response has been sent and the request closed.
  package let afterwards: (() -> Void)?
  /// Whether the handler is to go on by itself then: see ``RequestHandler/goOn(while:logger:)``.
  package let goesOn: Bool

  package init(_ response: Response, goesOn: Bool = false, afterwards: (() -> Void)? = nil) {
    self.response = response
    self.goesOn = goesOn
    self.afterwards = afterwards
  }

  /// The response, which tells whoever woke a worker whether there may be more to wake: `Thumbnail-Worker` is `idle` where it had nothing to do,
  /// `busy` where it answered between two jobs.
  func response(fromIdleWorker isIdle: Bool) -> Response {
    guard goesOn else { return response }
    var response = response
    response.headers.append(("Thumbnail-Worker", isIdle ? "idle" : "busy"))
    return response
  }
}
