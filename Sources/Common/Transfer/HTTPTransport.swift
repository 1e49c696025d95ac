/// Whoever makes HTTP exchanges: ``HTTPClient`` on the network, a table of answers in unit tests.
package protocol HTTPTransport: AnyObject {
  /// - Parameters:
  ///   - bodyLimit: decides by the answer's head how much of the body is taken; without it the request's own limit counts.
  ///   - progress: called whenever bytes have arrived; what it throws ends the exchange and is thrown from here.
  /// - Throws: `TransferError`, or what `progress` threw. An answer of any status is an answer.
  func perform(_ request: HTTPRequest, bodyLimit: ((HTTPResponse) -> Int)?, progress: @escaping () throws -> Void) throws
    -> HTTPResponse
}

extension HTTPTransport {
  /// Takes up to ``HTTPRequest/maximumBodyBytes`` of the body.
  ///
  /// - Throws: `TransferError`.
  package func perform(_ request: HTTPRequest) throws -> HTTPResponse {
    try perform(request, bodyLimit: nil, progress: {})
  }
}
