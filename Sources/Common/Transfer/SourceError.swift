package import Failures

/// A video that cannot be read from where its URL points.
package struct SourceError: ClassifiedError {
  /// `source`, or `forbidden` where the URL may not be fetched.
  package let failureClass: FailureClass
  package let description: String
  /// What the origin's answer asks for, up to a day; nil also where there was no answer.
  package let retryAfterSeconds: Double?
  /// Whether the origin was too slow, or the time for reading is over.
  package let isTimeout: Bool
  /// Whether asking the origin again at once is pointless.
  package let isFinalAnswer: Bool
  /// Whether the origin takes no more for now (429, 503): one that limits how often it is asked counts by the second, and seldom says so.
  package let isBusy: Bool
  /// Whether the answer is of another file than those before: of several servers behind one name another may have that one.
  package let isOtherFile: Bool
  /// Whether the origin has said nothing at all: then it may be this host that reaches nobody.
  package let isUnheard: Bool

  /// How often a read that ends so is tried in all. A silent origin gets one more chance: it holds a worker. Servers behind one name that take
  /// turns, each with tags of its own, are up to six.
  var mostTries: Int { isTimeout ? 2 : isOtherFile ? 6 : 3 }
  /// How long is waited before the first repetition where the origin does not say, in seconds; longer by as much before each further one.
  var usualPause: Double { isBusy ? 1 : isOtherFile ? 0 : 0.2 }

  package init(
    _ failureClass: FailureClass, _ description: String, retryAfterSeconds: Double? = nil, isTimeout: Bool = false,
    isFinalAnswer: Bool = false, isBusy: Bool = false, isOtherFile: Bool = false, isUnheard: Bool = false
  ) {
    self.failureClass = failureClass
    self.description = description
    self.retryAfterSeconds = retryAfterSeconds
    self.isTimeout = isTimeout
    self.isFinalAnswer = isFinalAnswer
    self.isBusy = isBusy
    self.isOtherFile = isOtherFile
    self.isUnheard = isUnheard
  }

  /// 504 for a timeout.
  package var httpStatus: Int { isTimeout ? 504 : failureClass.httpStatus }
}
