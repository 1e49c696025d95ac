/// Whoever makes several HTTP exchanges at once: ``ParallelExchanges`` on the network, a table of answers in unit tests.
package protocol ParallelTransport<Tag>: AnyObject {
  associatedtype Tag

  /// How many have been started and not yet been returned as finished.
  var count: Int { get }

  /// Starts them all, and does not wait for any. Each tag comes back with the end of its exchange.
  func start(_ requests: [(request: HTTPRequest, tag: Tag)])

  /// Waits until something happens on an exchange or on `descriptor`, at most `seconds`.
  ///
  /// - Returns: the exchanges that ended. An answer of any status is an answer.
  func wait(seconds: Double, orReadable descriptor: Int?) -> [(tag: Tag, result: Result<HTTPResponse, any Error>)]
}
