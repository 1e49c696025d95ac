/// The time for one request is over. Whatever was under way, the origin is assumed to be at fault.
package struct DeadlineExceeded: ClassifiedError {
  /// What was being done, as the end of a sentence: "reading the video".
  package let activity: String

  package init(activity: String) {
    self.activity = activity
  }

  package var failureClass: FailureClass { .source }
  package var httpStatus: Int { 504 }
  package var description: String { "the deadline passed while \(activity)" }
}
