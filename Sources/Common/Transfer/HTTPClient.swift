internal import CLibCurl
internal import Deadlines

/// Makes one exchange at a time and keeps its connections between them.
package final class HTTPClient {
  private let handle = EasyHandle()

  package init() {}

  /// - Parameters:
  ///   - bodyLimit: decides by the answer's head how much of the body is taken; without it the request's own limit counts.
  ///   - progress: called whenever bytes have arrived; what it throws ends the exchange and is thrown from here.
  /// - Throws: `TransferError`, or what `progress` threw. An answer of any status is an answer.
  package func perform(
    _ request: HTTPRequest, bodyLimit: ((HTTPResponse) -> Int)? = nil, progress: @escaping () throws -> Void = {}
  ) throws -> HTTPResponse {
    guard !request.deadline.hasPassed else { throw TransferError(.timedOut, "no time left") }
    let exchange = Exchange(request, bodyLimit: bodyLimit, progress: progress)
    handle.prepare(exchange)
    return try exchange.finish(CurlCode(unsafe curl_easy_perform(handle.raw)))
  }
}
