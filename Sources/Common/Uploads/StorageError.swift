package import Failures

/// The object store did not do what it was asked to.
package struct StorageError: ClassifiedError {
  package var failureClass: FailureClass { .storage }
  package let description: String
  /// How long the store's answer asks us to wait, at most a day; nil also if there was no answer.
  package let retryAfterSeconds: Double?
  /// Whether the store understood the request but does not permit it.
  package let isDenied: Bool
  /// Whether the store lists from the beginning, wherever the listing is to begin.
  package let beginsAnew: Bool

  package init(
    _ description: String, retryAfterSeconds: Double? = nil, isDenied: Bool = false, beginsAnew: Bool = false
  ) {
    self.description = description
    self.retryAfterSeconds = retryAfterSeconds
    self.isDenied = isDenied
    self.beginsAnew = beginsAnew
  }
}
