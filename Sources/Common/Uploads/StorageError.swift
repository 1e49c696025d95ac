package import Failures

/// The object store did not do what it was asked.
package struct StorageError: ClassifiedError {
  /// Storage, or configuration where a setting is at fault.
  package let failureClass: FailureClass
  package let description: String
  package let retryAfterSeconds: Double?

  package init(_ description: String, failureClass: FailureClass = .storage, retryAfterSeconds: Double? = nil) {
    self.failureClass = failureClass
    self.description = description
    self.retryAfterSeconds = retryAfterSeconds
  }
}
