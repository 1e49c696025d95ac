/// An error that knows what it means for the row and for the caller.
///
/// `description` may be shown to anyone, so it has no secret, no query string of a URL and no stack trace. Details for the log belong in
/// `debugDescription`.
package protocol ClassifiedError: Error, CustomStringConvertible, CustomDebugStringConvertible {
  /// The kind of fault. The other properties follow from it unless the error overrides them.
  var failureClass: FailureClass { get }
  /// How many seconds the other side asked us to wait (`Retry-After`); nil if it did not.
  var retryAfterSeconds: Double? { get }
  /// HTTP status of the reply: the class's, unless the error has its own (504 for the deadline).
  var httpStatus: Int { get }
  /// What a worker does about it; usually the class's answer.
  var consequence: FailureClass.Consequence { get }
  /// Whether a limit on reading (bytes, requests, seconds) is used up: another attempt would come no further, so what there is has to do.
  var isLimit: Bool { get }
}

/// The defaults.
extension ClassifiedError {
  package var retryAfterSeconds: Double? { nil }
  package var httpStatus: Int { failureClass.httpStatus }
  package var consequence: FailureClass.Consequence { failureClass.consequence }
  package var debugDescription: String { description }
  package var isLimit: Bool { false }
}

extension ClassifiedError {
  /// Whether another attempt may succeed. Always the class's answer: SQL has only the class to decide by.
  package var isRetryable: Bool { failureClass.isRetryable }
}
