package import Failures

/// This host has no decoder that can be used: never the video's fault.
package struct DecoderUnavailable: ClassifiedError {
  /// A sentence for anyone: `the decoder cannot be used: …`.
  package let description: String
  /// Whether only a person can change it.
  package let isPermanent: Bool

  init(_ reason: String, isPermanent: Bool = true) {
    description = "the decoder cannot be used: \(reason)"
    self.isPermanent = isPermanent
  }

  /// The attempt does not count; many such faults in a row pause the work of this host.
  package var failureClass: FailureClass { .configuration }
}
