package import Failures

/// The video cannot be read.
package struct SourceError: ClassifiedError {
  /// `source`; `media` if the file needs more than the limits allow, of an origin that does all it is asked; `forbidden` if the URL may not be
  /// fetched; `configuration` if this host is not able to fetch any.
  package let failureClass: FailureClass
  package let description: String
  /// How long the origin's answer asks us to wait, at most a day; nil also if there was no answer.
  package let retryAfterSeconds: Double?
  /// Whether the origin was too slow, or the time for reading is over.
  package let isTimeout: Bool
  /// Whether asking the origin again at once is pointless.
  package let isFinalAnswer: Bool
  /// Whether the origin accepts no more for now (429, 503). An origin that limits its rate usually counts by the second, and seldom says
  /// so.
  package let isBusy: Bool
  /// Whether the answer belongs to another file than those before. Of several servers behind a name, another one may have that file.
  package let isOtherFile: Bool
  /// Whether one of the job's limits (`SOURCE_MAX_BYTES`, `SOURCE_MAX_REQUESTS`, `SOURCE_SECONDS`) is used up.
  package let isLimit: Bool
  /// Whether the origin has not answered at all. Then this host may have no network.
  package let hadNoAnswer: Bool

  /// How many times a read that fails so is tried in all. A silent origin gets only one more chance, since it holds up a worker. Up to six
  /// servers may take turns behind one name, each with its own tags.
  var mostTries: Int { isTimeout ? 2 : isOtherFile ? 6 : 3 }
  /// The pause before the first retry, in seconds, if the origin does not tell one. It grows by as much with each further retry.
  var usualPause: Double { isBusy ? 1 : isOtherFile ? 0 : 0.2 }

  package init(
    _ failureClass: FailureClass, _ description: String, retryAfterSeconds: Double? = nil, isTimeout: Bool = false,
    isFinalAnswer: Bool = false, isBusy: Bool = false, isOtherFile: Bool = false, isLimit: Bool = false,
    hadNoAnswer: Bool = false
  ) {
    self.failureClass = failureClass
    self.description = description
    self.retryAfterSeconds = retryAfterSeconds
    self.isTimeout = isTimeout
    self.isFinalAnswer = isFinalAnswer
    self.isBusy = isBusy
    self.isOtherFile = isOtherFile
    self.isLimit = isLimit
    self.hadNoAnswer = hadNoAnswer
  }

  /// 504 for a timeout.
  package var httpStatus: Int { isTimeout ? 504 : failureClass.httpStatus }
}
