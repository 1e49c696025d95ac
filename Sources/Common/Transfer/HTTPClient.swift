internal import CLibCurl
internal import Deadlines

/// Makes one exchange at a time with libcurl, and keeps its connections.
package final class HTTPClient: HTTPTransport {
  // Lazy, since loading libcurl takes longer than the whole start of a program that does not use it.
  private lazy var handle = EasyHandle()

  /// Connects to nothing yet. The process ends if libcurl cannot be initialised.
  package init() {}

  /// Loads libcurl, so that no request waits for it.
  package func warmUp() { _ = handle }

  /// Blocks until the answer is complete, the exchange has failed or its deadline has passed. If that has passed already, nothing is sent.
  /// Must not be called by two threads, nor from `progress`.
  package func perform(
    _ request: HTTPRequest, bodyLimit: ((HTTPResponse) -> Int)?, progress: @escaping () throws -> Void
  ) throws -> HTTPResponse {
    guard !request.deadline.hasPassed else { throw TransferError(.timedOut, "no time left") }
    handle.prepare(Exchange(request, bodyLimit: bodyLimit, progress: progress))
    return try handle.finish(CurlCode(unsafe curl_easy_perform(handle.raw)))
  }
}
