internal import Database
package import DatabaseClient
internal import Deadlines
internal import HandlerCalls
package import Logging
package import Transfer

/// Wakes workers by posting due videos to auto-generate-thumbnail, several at once. The queue keeps what is due: a post that is lost, late
/// or doubled changes nothing, and a worker that was woken continues until nothing is due.
package final class Deliverer {
  private let queue: any DueVideos
  private let settings: DeliverySettings
  private let logger: Logger
  private let exchanges: any ParallelTransport
  private var pace: DeliveryPace
  private var wakes = WakePace()
  private var underWay: [Int: Post] = [:]
  private var lastPost = 0
  private var failuresInRow = 0
  /// Why the last three or more posts did not reach a handler, as a sentence; nil if the last one did.
  package private(set) var trouble: String?
  private let clock: () -> Double

  private struct Post {
    let videoID: VideoID
    /// In seconds of `clock`.
    let start: Double
  }

  /// The result of a look at the queue.
  package enum Look: Equatable {
    /// Nothing is due except what is under way.
    case nothingDue
    /// Something is due, but workers are assumed to reach it soon, or it rests for a moment because its last post failed.
    case waiting
    /// The number of posts that were started.
    case started(Int)
  }

  /// Posts nothing yet.
  ///
  /// - Parameters:
  ///   - queue: tells what is due.
  ///   - transport: makes the posts; nobody else uses it.
  ///   - clock: seconds on a monotonic clock.
  package init(
    _ queue: any DueVideos, settings: DeliverySettings, transport: any ParallelTransport = ParallelExchanges(),
    clock: @escaping () -> Double = { [stopwatch = Stopwatch()] in stopwatch.seconds }, logger: Logger
  ) {
    self.queue = queue
    exchanges = transport
    self.clock = clock
    self.settings = settings
    self.logger = logger
    pace = DeliveryPace(concurrency: settings.concurrency)
  }

  /// How many posts are under way.
  package var inFlight: Int { exchanges.count }

  /// Whether all workers are assumed to be awake, so that another post would only wait.
  package var areAllAwake: Bool { wakes.areAllAwake }

  /// Posts whose workers are assumed to work. One that hangs takes no room from the others.
  private var busy: [Post] { underWay.values.filter { clock() < $0.start + settings.leaseSeconds } }

  /// The most posts under way, including hanging ones, as a multiple of the configured concurrency.
  private static let hangingRounds = 4

  /// Looks at what is due, and starts as many posts as there may be idle workers.
  package func startDue() throws(DatabaseError) -> Look {
    let busy = self.busy
    let room = exchanges.count < settings.concurrency * Self.hangingRounds ? max(0, pace.room(now: clock()) - busy.count) : 0
    let resting = pace.resting(now: clock())
    let due = try queue.due(limit: max(1, room), except: busy.map(\.videoID) + resting)
    let now = clock()
    let chosen = wakes.choose(due, room: room, longestWait: now - (busy.map(\.start).min() ?? now), now: now)
    if chosen.isEmpty { return due.isEmpty && resting.isEmpty ? .nothingDue : .waiting }
    let deadline = Deadline.after(seconds: settings.postSeconds)
    exchanges.start(chosen.map { (settings.post(of: $0.text, deadline: deadline), begin($0, now)) })
    return .started(chosen.count)
  }

  private func begin(_ videoID: VideoID, _ now: Double) -> Int {
    lastPost += 1
    underWay[lastPost] = Post(videoID: videoID, start: now)
    return lastPost
  }

  /// Waits until a post ends or `descriptor` is readable, for at most `seconds`.
  ///
  /// - Returns: how many posts ended, and how many of them reached a worker.
  @discardableResult
  package func settleFinished(waiting seconds: Double, orReadable descriptor: Int? = nil) -> (ended: Int, heard: Int) {
    let finished = exchanges.wait(seconds: seconds, orReadable: descriptor)
    var heard = 0
    for (number, result) in finished {
      guard let post = underWay.removeValue(forKey: number) else { continue }
      let reply = DeliveryReply(result)
      log(post.videoID, reply, result)
      wakes.answered(wokeIdleWorker: try? result.get().wokeIdleWorker)
      pace.record(reply, for: post.videoID, now: clock())
      if case .heard = reply { heard += 1 }
      note(reply, result)
    }
    return (finished.count, heard)
  }

  private func note(_ reply: DeliveryReply, _ result: Result<HTTPResponse, any Error>) {
    // Why a worker cannot work now (a breaker, a pause, its settings) is reported elsewhere.
    let isWorkersRefusal = (try? result.get()).map { $0.status == 503 && $0.wokeIdleWorker != nil } ?? false
    guard case .failed = reply, !isWorkersRefusal else {
      failuresInRow = 0
      trouble = nil
      return
    }
    failuresInRow += 1
    guard failuresInRow >= 3 else { return }
    trouble =
      switch result {
      case .success(let response): "auto-generate-thumbnail answers \(response.outcome)"
      case .failure(let error): "auto-generate-thumbnail cannot be reached: \(error)"
      }
  }

  /// Waits up to `graceSeconds` for the posts under way.
  package func close(graceSeconds: Double) {
    let end = Deadline.after(seconds: graceSeconds)
    while inFlight > 0 && !end.hasPassed { settleFinished(waiting: end.secondsLeft) }
  }

  private func log(_ videoID: VideoID, _ reply: DeliveryReply, _ result: Result<HTTPResponse, any Error>) {
    switch (reply, result) {
    case (.failed, .success(let response)):
      logger.warning("not delivered", cause: "the answer is \(response.outcome)", [.videoID: .text(videoID.text)])
    case (_, .success(let response)):
      logger.info("delivered", [.videoID: .text(videoID.text), .status: .integer(response.status)])
    case (_, .failure(let error)):
      logger.warning("not delivered", cause: "\(error)", [.videoID: .text(videoID.text)])
    }
  }
}
