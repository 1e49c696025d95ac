internal import CLibCurl
internal import Deadlines

/// Makes one exchange at a time over libcurl and keeps its connections between them.
package final class HTTPClient: HTTPTransport {
  // Not before it is needed: libcurl takes longer to load than a program that does without it takes to start.
  private lazy var handle = EasyHandle()

  /// Connects to nothing yet. The process ends where libcurl cannot be initialised.
  package init() {}

  /// Loads libcurl before anybody waits for an answer.
  package func warmUp() { _ = handle }

  /// Blocks until the whole answer is there, the exchange has failed or its deadline has passed. Where that has passed before, nothing is sent.
  /// Not to be called by two threads, nor from `progress`.
  package func perform(
    _ request: HTTPRequest, bodyLimit: ((HTTPResponse) -> Int)?, progress: @escaping () throws -> Void
  ) throws -> HTTPResponse {
    guard !request.deadline.hasPassed else { throw TransferError(.timedOut, "no time left") }
    handle.prepare(Exchange(request, bodyLimit: bodyLimit, progress: progress))
    return try handle.finish(CurlCode(unsafe curl_easy_perform(handle.raw)))
  }
}
