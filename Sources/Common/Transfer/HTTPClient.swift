internal import CLibCurl
internal import Deadlines

/// Makes one exchange at a time over libcurl and keeps its connections between them.
package final class HTTPClient: HTTPTransport {
  private let handle = EasyHandle()

  package init() {}

  package func perform(
    _ request: HTTPRequest, bodyLimit: ((HTTPResponse) -> Int)?, progress: @escaping () throws -> Void
  ) throws -> HTTPResponse {
    guard !request.deadline.hasPassed else { throw TransferError(.timedOut, "no time left") }
    let exchange = Exchange(request, bodyLimit: bodyLimit, progress: progress)
    handle.prepare(exchange)
    return try exchange.finish(CurlCode(unsafe curl_easy_perform(handle.raw)))
  }
}
