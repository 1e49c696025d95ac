/// Makes several HTTP exchanges at once: ``ParallelExchanges`` over the network, a table of answers in unit tests.
package protocol ParallelTransport: AnyObject {
  /// How many have been started and not yet been returned.
  var count: Int { get }

  /// Starts all requests without waiting. Each tag is returned with the result of its exchange.
  func start(_ requests: [(request: HTTPRequest, tag: Int)])

  /// Waits until something happens on an exchange or on `descriptor`, for at most `seconds`.
  ///
  /// - Returns: the exchanges that have ended. An answer with any status is a success.
  func wait(seconds: Double, orReadable descriptor: Int?) -> [(tag: Int, result: Result<HTTPResponse, any Error>)]
}
