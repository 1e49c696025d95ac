internal import Deadlines
internal import Failures

extension SourceError {
  /// An answer that is no part of the video.
  static func status(_ response: HTTPResponse) -> SourceError {
    let status = response.status
    let meaning =
      switch status {
      case 202, 425: " (not ready yet)"
      case 401, 403: " (access denied: has a signed URL expired?)"
      case 404, 410: " (not found)"
      case 408: " (it was too slow itself)"
      case 429: " (too many requests)"
      case 500...599: " (server error)"
      default: ""
      }
    return SourceError(
      .source, "the origin answered \(status)\(meaning)", retryAfterSeconds: response.retryAfterSeconds,
      isFinalAnswer: status < 500 && ![202, 408, 425, 429].contains(status))
  }

  static func overBudget(_ settings: SourceSettings) -> SourceError {
    SourceError(
      .source, "the video cannot be read within \(settings.maximumBytes) bytes (SOURCE_MAX_BYTES)", isFinalAnswer: true)
  }

  static func overTime(_ settings: SourceSettings) -> SourceError {
    SourceError(
      .source, "the origin is too slow: reading took longer than \(settings.seconds) seconds (SOURCE_SECONDS)", isTimeout: true,
      isFinalAnswer: true)
  }

  /// An exchange that broke.
  init(_ error: TransferError, deadline: Deadline) {
    switch error.kind {
    case .forbiddenAddress:
      self.init(.forbidden, "the video URL leads to an address that is not public")
    case .unusableURL:
      self.init(.forbidden, "the video URL cannot be fetched: \(error)")
    case .timedOut:
      self.init(
        .source,
        deadline.secondsLeft < 0.05
          ? "the deadline passed while reading the video" : "the origin is too slow (SOURCE_MIN_SPEED, SOURCE_CONNECT_TIMEOUT)",
        isTimeout: true)
    case .unreachable:
      self.init(.source, "the origin cannot be reached: \(error)")
    case .tooLarge, .broken:
      self.init(.source, "the origin broke off: \(error)")
    }
  }
}
