/// The JSON of `auto_retry_stuck_thumbnails()`.
struct SweepReport: Codable {
  let success: Bool
  let retriedCount: Int
  let skippedCount: Int
  let lostCount: Int?
  let waitingCount: Int?
  let skipped: Bool?
  let reason: String?
  /// Whether the walk through the videos was not finished, so that it goes on after the answer.
  let goesOn: Bool?
  /// Whether a person has paused everything.
  let isPaused: Bool?
  let timestamp: String
}
