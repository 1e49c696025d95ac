internal import Database
internal import Deadlines

/// Decides which videos are not posted again yet, and how many posts may be under way. It is kept only in memory, since the queue in the
/// database counts, and one post too many does no harm.
struct DeliveryPace {
  private struct Rest {
    let end: Deadline
    /// How many posts of the video have failed in a row.
    let failures: Int
  }

  private let concurrency: Int
  private var rests: [VideoID: Rest] = [:]
  private var failuresInRow = 0
  private var pause = Deadline.after(seconds: 0)

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
  var room: Int {
    if failuresInRow < Self.failureLimit { return concurrency }
    return pause.hasPassed ? 1 : 0
  }

  /// Videos that are not to be posted for now.
  mutating func resting() -> [VideoID] {
    rests = rests.filter { $0.value.end.secondsLeft > ($0.value.failures == 0 ? 0 : -Self.memorySeconds) }
    return rests.compactMap { $0.value.end.hasPassed ? nil : $0.key }
  }

  mutating func record(_ reply: DeliveryReply, for videoID: VideoID) {
    var seconds = Self.restSeconds.lowerBound
    var failures = 0
    switch reply {
    case .heard: break
    case .later(let asked): seconds = asked
    case .failed(let retryAfterSeconds):
      failures = (rests[videoID]?.failures ?? 0) + 1
      // Doubles from 1 s, half of it at random, so that posts that failed together are not repeated together.
      seconds = retryAfterSeconds ?? Double(1 << min(failures - 1, 6)) * .random(in: 0.5...1)
      pause = .after(seconds: Self.pauseSeconds)
    }
    failuresInRow = failures == 0 ? 0 : failuresInRow + 1
    let clamped = min(max(seconds, Self.restSeconds.lowerBound), Self.restSeconds.upperBound)
    rests[videoID] = Rest(end: .after(seconds: clamped), failures: failures)
  }
}
