internal import Database

/// Decides which videos are not posted again yet, and how many posts may be under way. It is kept only in memory, since the queue in the
/// database counts, and one post too many does no harm. Each `now` is in seconds on a monotonic clock.
struct DeliveryPace {
  private struct Rest {
    let end: Double
    /// How many posts of the video have failed in a row.
    let failures: Int
  }

  private let concurrency: Int
  private var rests: [VideoID: Rest] = [:]
  private var failuresInRow = 0
  private var pauseEnd = 0.0

  /// After this number of failed posts in a row, there is only one post at a time, five times a second: unreachable handlers are not
  /// overrun, but found again at once.
  private static let failureLimit = 3
  private static let pauseSeconds = 0.2
  /// The shortest and the longest rest of a video. Whatever is answered, posts are not made in a tight loop.
  private static let restSeconds = 0.05...60.0
  /// How long failures are remembered after a rest, so that the next rest is longer.
  private static let memorySeconds = 120.0

  init(concurrency: Int) {
    self.concurrency = concurrency
  }

  /// How many posts may be under way now.
  func room(now: Double) -> Int {
    if failuresInRow < Self.failureLimit { return concurrency }
    return now >= pauseEnd ? 1 : 0
  }

  /// Videos that are not to be posted for now.
  mutating func resting(now: Double) -> [VideoID] {
    rests = rests.filter { now < $0.value.end + ($0.value.failures == 0 ? 0 : Self.memorySeconds) }
    return rests.compactMap { now < $0.value.end ? $0.key : nil }
  }

  mutating func record(_ reply: DeliveryReply, for videoID: VideoID, now: Double) {
    var seconds = Self.restSeconds.lowerBound
    var failures = 0
    switch reply {
    case .heard: break
    case .later(let asked): seconds = asked
    case .failed(let retryAfterSeconds):
      failures = (rests[videoID]?.failures ?? 0) + 1
      // Doubles from 1 s, half of it at random, so that posts that failed together are not repeated together.
      seconds = retryAfterSeconds ?? Double(1 << min(failures - 1, 6)) * .random(in: 0.5...1)
      pauseEnd = now + Self.pauseSeconds
    }
    failuresInRow = failures == 0 ? 0 : failuresInRow + 1
    let clamped = min(max(seconds, Self.restSeconds.lowerBound), Self.restSeconds.upperBound)
    rests[videoID] = Rest(end: now + clamped, failures: failures)
  }
}
