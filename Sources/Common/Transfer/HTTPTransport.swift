/// Makes HTTP exchanges: ``HTTPClient`` over the network, a table of answers in unit tests.
package protocol HTTPTransport: AnyObject {
  /// - Parameters:
  ///   - bodyLimit: decides by the answer's head how many bytes of the body to accept; nil for the request's own limit.
  ///   - progress: called whenever bytes have arrived. If it throws, the exchange ends and the error is rethrown.
  /// - Throws: `TransferError`, or what `progress` threw. An answer with any status is a success.
  func perform(_ request: HTTPRequest, bodyLimit: ((HTTPResponse) -> Int)?, progress: @escaping () throws -> Void) throws
    -> HTTPResponse
}

extension HTTPTransport {
  /// Accepts up to ``HTTPRequest/maximumBodyBytes`` of the body.
  ///
  /// - Throws: `TransferError`.
  package func perform(_ request: HTTPRequest) throws -> HTTPResponse {
    try perform(request, bodyLimit: nil, progress: {})
  }
}
