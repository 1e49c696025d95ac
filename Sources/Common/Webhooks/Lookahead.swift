internal import Deadlines

/// How many webhooks may be leased beyond those that are posted at once: what is answered in 20 ms at the pace since the last
/// lease. A handler that works for a second gets none ahead, one that answers at once is never kept waiting.
struct Lookahead {
  private let limit: Int
  private var endedCount = 0
  /// The number the last lease was allowed.
  private(set) var last = 0
  private var lastLease = Deadline.after(seconds: 0)

  private static let seconds = 0.02
  /// Never more than so many rounds of posts.
  private static let rounds = 32

  init(concurrency: Int) {
    limit = concurrency * Self.rounds
  }

  mutating func ended(_ count: Int) { endedCount += count }

  /// The number for the lease that is made now.
  mutating func count() -> Int {
    let elapsed = max(-lastLease.secondsLeft, 0.001)
    let pace = Double(endedCount) / elapsed
    endedCount = 0
    lastLease = .after(seconds: 0)
    last = min(limit, Int(pace * Self.seconds))
    return last
  }
}
