/// What a handler answers, and what it goes on doing once the answer is out.
package struct Reply {
  package let response: Response
  /// Runs after the response has been sent and the request closed.
  package let afterwards: (() -> Void)?

  package init(_ response: Response, afterwards: (() -> Void)? = nil) {
    self.response = response
    self.afterwards = afterwards
  }
}
