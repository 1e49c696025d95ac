internal import Deadlines
internal import Failures

extension SourceError {
  /// An answer that is no part of the video.
  static func status(_ status: Int, retryAfterSeconds: Double? = nil) -> SourceError {
    let meaning =
      switch status {
      case 401, 403: " (access denied: has a signed URL expired?)"
      case 404, 410: " (not found)"
      case 429: " (too many requests)"
      case 500...599: " (server error)"
      default: ""
      }
    return SourceError(
      .source, "the origin answered \(status)\(meaning)", retryAfterSeconds: retryAfterSeconds,
      isFinalAnswer: status < 500 && status != 429)
  }

  /// An exchange that broke.
  init(_ error: TransferError, deadline: Deadline, maximumBytes: Int) {
    switch error.kind {
    case .forbiddenAddress:
      self.init(.forbidden, "the video URL leads to an address that is not public")
    case .unusableURL:
      self.init(.forbidden, "the video URL cannot be fetched")
    case .timedOut:
      self.init(
        .source,
        deadline.secondsLeft < 0.05
          ? "the deadline passed while reading the video" : "the origin is too slow (SOURCE_MIN_SPEED, SOURCE_CONNECT_TIMEOUT)",
        isTimeout: true)
    case .tooLarge:
      self.init(.source, "the video cannot be read within \(maximumBytes) bytes (SOURCE_MAX_BYTES)", isFinalAnswer: true)
    case .broken:
      self.init(.source, "the origin broke off: \(error)")
    }
  }
}
