internal import CLibCurl
internal import Deadlines
internal import Synchronization

/// Makes one exchange at a time with libcurl, and keeps its connections.
package final class HTTPClient: HTTPTransport {
  // Lazy, since loading libcurl takes longer than the whole start of a program that does not use it.
  private lazy var handle = EasyHandle()
  private var answering = AnsweringAddresses()

  /// Connects to nothing yet. The process ends if libcurl cannot be initialised.
  ///
  /// - Parameter url: of the server that it is for, by whose name the name servers are tried until another one was looked up.
  package init(for url: String? = nil) {
    if let url { NameServers.here.withLock { $0.know(hostOf: url) } }
  }

  /// Loads libcurl, so that no request waits for it.
  package func warmUp() { _ = handle }

  /// Blocks until the answer is complete, the exchange has failed or its deadline has passed. If that has passed already, nothing is sent.
  /// Must not be called by two threads, nor from `progress`.
  package func perform(
    _ request: HTTPRequest, bodyLimit: ((HTTPResponse) -> Int)?, progress: @escaping () throws -> Void
  ) throws -> HTTPResponse {
    guard !request.deadline.hasPassed else { throw TransferError(.timedOut, "no time left") }
    let place = AnsweringAddresses.place(of: request.url)
    let known = answering[place]
    do {
      return try perform(Exchange(request, bodyLimit: bodyLimit, progress: progress), at: place, known)
    } catch let error as TransferError where known != nil && error.kind == .unreachable {
      // The name may have another address now.
      return try perform(Exchange(request, bodyLimit: bodyLimit, progress: progress), at: place, nil)
    }
  }

  private func perform(_ exchange: Exchange, at place: String, _ address: String?) throws -> HTTPResponse {
    handle.prepare(exchange, to: address)
    defer { answering.learn(place, from: exchange) }
    return try handle.finish(CurlCode(unsafe curl_easy_perform(handle.raw)))
  }
}
