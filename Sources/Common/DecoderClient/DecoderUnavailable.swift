package import Failures

/// This host has no usable decoder, which is never the video's fault.
package struct DecoderUnavailable: ClassifiedError {
  /// A sentence for anyone: `the decoder cannot be used: …`.
  package let description: String
  /// Whether only a person can mend it.
  package let isPermanent: Bool

  init(_ reason: String, isPermanent: Bool = true) {
    description = "the decoder cannot be used: \(reason)"
    self.isPermanent = isPermanent
  }

  /// The attempt does not count, and many such faults in a row pause the work of this host.
  package var failureClass: FailureClass { .configuration }
}
