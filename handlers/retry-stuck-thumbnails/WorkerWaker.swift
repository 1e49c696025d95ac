internal import Database
internal import DatabaseClient
internal import Deadlines
internal import FoundationEssentials
internal import Logging
internal import Webhooks

/// Wakes workers for what is due, so that no relay is needed: once within a request, and then in one of all processes until nothing is due.
final class WorkerWaker {
  private let queue: QueueQueries
  private let deliverer: Deliverer
  /// How long a request waits for the answers of the workers it wakes, in seconds.
  private let seconds: Double
  private let name = UUID().uuidString
  private let logger: Logger
  /// Until when this process is the one that keeps waking workers.
  private var heldUntil = Deadline.after(seconds: 0)

  private static let holdSeconds = 10.0
  /// How often the process checks whether it is needed for something else.
  private static let turnSeconds = 0.2
  /// The pause between two steps of a sweep.
  private static let sweepSeconds = 0.02
  /// How many videos one step of a sweep examines.
  private static let stepLimit = 2000

  init(queue: QueueQueries, settings: DeliverySettings, seconds: Double, logger: Logger) {
    self.queue = queue
    self.seconds = seconds
    self.logger = logger
    deliverer = Deliverer(queue, settings: settings, logger: logger)
  }

  /// Wakes as many workers as may be idle. If the database fails, nobody is woken and the error is logged: what came before has been done,
  /// and must not be answered as a failure.
  ///
  /// - Returns: how many posts reached a worker.
  func wake() -> Int {
    let end = Deadline.after(seconds: seconds)
    var heard = 0
    repeat {
      do {
        _ = try deliverer.startDue()
      } catch {
        logger.warning("workers were not woken", error)
        break
      }
      if deliverer.inFlight == 0 { break }
      heard += deliverer.settleFinished(waiting: min(Self.turnSeconds, end.secondsLeft)).heard
    } while !end.hasPassed && !deliverer.areAllAwake
    return heard
  }

  /// Does one step of a sweep that has begun, and wakes workers.
  ///
  /// - Parameter waits: whether to wait a moment for their answers; otherwise the caller has something else to do.
  /// - Returns: whether there may be more to do; false also if another process does it.
  func goOn(waiting waits: Bool) throws(DatabaseError) -> Bool {
    if heldUntil.secondsLeft < Self.holdSeconds / 2 {
      guard try queue.holdDelivery(name, seconds: Self.holdSeconds) else { return false }
      heldUntil = .after(seconds: Self.holdSeconds)
    }
    let isSweeping = try queue.isSweeping()
    if isSweeping { try queue.lookAfter(limit: Self.stepLimit) }
    let look = try deliverer.startDue()
    if look == .nothingDue && !isSweeping && deliverer.inFlight == 0 {
      heldUntil = .after(seconds: 0)
      _ = try queue.holdDelivery(name, seconds: 0)
      return false
    }
    // Another session, such as a relay's, may be doing the sweep, so there is a pause before it is asked again.
    deliverer.settleFinished(waiting: !waits ? 0 : isSweeping ? Self.sweepSeconds : Self.turnSeconds)
    return true
  }
}
