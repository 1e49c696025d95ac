package import Failures

/// A video that cannot be read from where its URL points.
package struct SourceError: ClassifiedError {
  package let failureClass: FailureClass
  package let description: String
  package let retryAfterSeconds: Double?
  package let isTimeout: Bool
  /// Whether asking the origin again at once is pointless.
  package let isFinalAnswer: Bool

  package init(
    _ failureClass: FailureClass, _ description: String, retryAfterSeconds: Double? = nil, isTimeout: Bool = false,
    isFinalAnswer: Bool = false
  ) {
    self.failureClass = failureClass
    self.description = description
    self.retryAfterSeconds = retryAfterSeconds
    self.isTimeout = isTimeout
    self.isFinalAnswer = isFinalAnswer
  }

  package var httpStatus: Int { isTimeout ? 504 : failureClass.httpStatus }
}
