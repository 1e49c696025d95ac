internal import Deadlines

/// How many due videos may be asked for beyond those that are posted at once: what is answered in 20 ms at the pace since the last
/// time. A handler that works for a second gets none ahead, one that answers at once is never kept waiting.
struct Lookahead {
  private let limit: Int
  private var endedCount = 0
  private var lastTime = Deadline.after(seconds: 0)

  private static let seconds = 0.02
  /// Never more than so many rounds of posts.
  private static let rounds = 32

  init(concurrency: Int) {
    limit = concurrency * Self.rounds
  }

  mutating func ended(_ count: Int) { endedCount += count }

  /// The number for now.
  mutating func count() -> Int {
    let elapsed = max(-lastTime.secondsLeft, 0.001)
    let pace = Double(endedCount) / elapsed
    endedCount = 0
    lastTime = .after(seconds: 0)
    return min(limit, Int(pace * Self.seconds))
  }
}
