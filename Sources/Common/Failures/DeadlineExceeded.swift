/// The time one request may take is over; whatever was under way is the origin's fault until proven otherwise.
package struct DeadlineExceeded: ClassifiedError {
  /// What was being waited for, as the end of a sentence: "reading the video".
  package let activity: String

  package init(activity: String) {
    self.activity = activity
  }

  package var failureClass: FailureClass { .source }
  package var httpStatus: Int { 504 }
  package var description: String { "the deadline passed while \(activity)" }
}
