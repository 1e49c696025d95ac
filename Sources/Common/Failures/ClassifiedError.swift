/// An error that knows, from where it is made, what it means for the row and for the caller.
///
/// `description` may be shown to anyone: no secret, no query string of a URL, no stack trace. Details for the log belong
/// in `debugDescription`.
package protocol ClassifiedError: Error, CustomStringConvertible, CustomDebugStringConvertible {
  /// What kind of fault it is. The rest follows from it where the error says nothing else.
  var failureClass: FailureClass { get }
  /// Seconds the other side asked to be left alone, from `Retry-After`; nil where it did not say.
  var retryAfterSeconds: Double? { get }
  /// HTTP status of the reply where it is not the class's own (504 for the deadline).
  var httpStatus: Int { get }
  /// Whether another attempt may succeed; usually the class's own answer.
  var isRetryable: Bool { get }
  /// What a worker does about it; usually the class's own answer.
  var consequence: FailureClass.Consequence { get }
}

/// What holds where an error says nothing else.
extension ClassifiedError {
  package var retryAfterSeconds: Double? { nil }
  package var httpStatus: Int { failureClass.httpStatus }
  package var isRetryable: Bool { failureClass.isRetryable }
  package var consequence: FailureClass.Consequence { failureClass.consequence }
  package var debugDescription: String { description }
}
