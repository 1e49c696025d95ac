internal import Database

/// How many workers to wake, given what is due. A worker that is awake goes on by itself until nothing is due, so that once all are awake a
/// post more is of no use.
///
/// A post that woke an idle worker says that there may be more of them. One that has to wait, or is answered by a worker between two jobs,
/// found all of them at work: from then on only a video is posted that stays where it is in the queue, for then perhaps nobody is at work
/// any more, or somebody has become free whom no post has reached. When nothing is due everything is forgotten: workers are about to
/// become idle.
struct WakePace {
  private(set) var areAllAwake = false
  /// When each of the videos that were due at the last look was first seen so, in seconds.
  private var firstSeen: [VideoID: Double] = [:]

  /// A post that is under way for longer waits for a worker; in seconds, the way to a handler on another continent included.
  private static let promptSeconds = 0.25
  /// How long a video stays where it is before it is posted although all are believed to be awake, in seconds.
  private static let stagnationSeconds = 0.25

  /// - Parameters:
  ///   - due: videos that are due and not under way, in the order of the queue.
  ///   - room: how many posts may be started.
  ///   - longestWait: for how many seconds the oldest post under way has been waiting.
  ///   - now: seconds on a clock that only goes forward.
  /// - Returns: those to post now.
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
  /// - Parameter wokeIdleWorker: nil where the answer does not tell.
  mutating func answered(wokeIdleWorker: Bool?) {
    if let wokeIdleWorker { areAllAwake = !wokeIdleWorker }
  }
}
