/// The JSON of `auto_retry_stuck_thumbnails()`.
struct SweepReport: Codable {
  let success: Bool
  let retriedCount: Int
  let skippedCount: Int
  let lostCount: Int?
  let waitingCount: Int?
  let skipped: Bool?
  let reason: String?
  /// Whether the walk through the videos had no time to end: it goes on after the answer.
  let goesOn: Bool?
  /// Whether a person has paused everything.
  let isPaused: Bool?
  let timestamp: String
}

/// The answer to a sweep.
struct RetryReply: Encodable {
  var success = true
  let data: SweepReport
  /// Workers that were woken within this request, and said so.
  var delivered = 0
  /// What comes next, for people.
  var message = ""
  /// Objects nobody needed, deleted within this request; nil where nothing is collected here.
  var collected: Int?
  let timestamp: String

  init(data: SweepReport, timestamp: String) {
    self.data = data
    self.timestamp = timestamp
  }
}
