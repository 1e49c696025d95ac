package import Failures

/// This host has no decoder that can be used: never the video's fault.
package struct DecoderUnavailable: ClassifiedError {
  package let description: String
  /// Whether only a person can change it.
  package let isPermanent: Bool

  init(_ reason: String, isPermanent: Bool = true) {
    description = "the decoder cannot be used: \(reason)"
    self.isPermanent = isPermanent
  }

  package var failureClass: FailureClass { .configuration }
}
