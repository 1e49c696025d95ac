package import Failures

/// The object store did not do what it was asked.
package struct StorageError: ClassifiedError {
  package var failureClass: FailureClass { .storage }
  package let description: String
  /// What the store's answer asks for, up to a day; nil also where there was no answer.
  package let retryAfterSeconds: Double?
  /// Whether the store has understood and does not permit it.
  package let isDenied: Bool

  package init(_ description: String, retryAfterSeconds: Double? = nil, isDenied: Bool = false) {
    self.description = description
    self.retryAfterSeconds = retryAfterSeconds
    self.isDenied = isDenied
  }
}
