internal import Database

/// Decides how many workers to wake for what is due. A worker that is awake continues until nothing is due, so once all are awake, another
/// post is of no use.
///
/// A post that woke an idle worker suggests that there are more of them. One that has to wait, or is answered by a worker between two jobs,
/// found all of them at work. From then on, a video is posted only if it stays at the head of the queue: perhaps nobody is at work any
/// more, or a worker has become free that no post has reached. When nothing is due, everything is forgotten, since workers are about to
/// become idle.
struct WakePace {
  private(set) var areAllAwake = false
  /// When each of the videos that were due at the last look was first seen, in seconds.
  private var firstSeen: [VideoID: Double] = [:]

  /// A post that is under way for longer waits for a worker. In seconds; it allows for a handler on another continent.
  private static let promptSeconds = 0.25
  /// After how many seconds at the head of the queue a video is posted although all workers are assumed to be awake.
  private static let stagnationSeconds = 0.25

  /// - Parameters:
  ///   - due: videos that are due and not under way, in the order of the queue.
  ///   - room: how many posts may be started.
  ///   - longestWait: how many seconds the oldest post under way has been waiting.
  ///   - now: seconds on a monotonic clock.
  /// - Returns: the videos to post now.
  mutating func choose(_ due: [VideoID], room: Int, longestWait: Double, now: Double) -> [VideoID] {
    if due.isEmpty {
      self = WakePace()
      return []
    }
    if longestWait > Self.promptSeconds { areAllAwake = true }
    let seen = firstSeen
    firstSeen = Dictionary(due.map { ($0, seen[$0] ?? now) }, uniquingKeysWith: { first, _ in first })
    if !areAllAwake { return Array(due.prefix(room)) }
    guard room > 0, let head = due.first, let since = firstSeen[head], now - since >= Self.stagnationSeconds else { return [] }
    return [head]
  }

  /// Learns from an answer.
  ///
  /// - Parameter wokeIdleWorker: nil if the answer does not tell.
  mutating func answered(wokeIdleWorker: Bool?) {
    if let wokeIdleWorker { areAllAwake = !wokeIdleWorker }
  }
}
