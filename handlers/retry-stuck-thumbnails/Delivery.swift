internal import Database
internal import DatabaseClient
internal import Deadlines
internal import FoundationEssentials
internal import Logging
internal import Webhooks

/// Wakes workers for what is due, so that nothing depends on a relay: a first round within a request, and then, of all processes one, until
/// nothing is due.
final class Delivery {
  private let queue: QueueQueries
  private let deliverer: Deliverer
  /// How long a request waits for the answers of those it wakes, in seconds.
  private let seconds: Double
  private let name = UUID().uuidString
  private let logger: Logger
  /// Until when this process alone goes on waking workers.
  private var heldUntil = Deadline.after(seconds: 0)

  private static let holdSeconds = 10.0
  /// How often a process that goes on looks whether it is wanted for something else.
  private static let turnSeconds = 0.2
  /// How long it rests between two steps of a sweep.
  private static let sweepSeconds = 0.02
  /// How many videos one step of a sweep looks at.
  private static let stepLimit = 2000

  init(queue: QueueQueries, settings: DeliverySettings, seconds: Double, logger: Logger) {
    self.queue = queue
    self.seconds = seconds
    self.logger = logger
    deliverer = Deliverer(queue, settings: settings, logger: logger)
  }

  /// Wakes as many workers as there may be idle ones. Where the database fails nobody is woken, which is logged: what comes before has been done
  /// all the same, and must not be answered as if it had not.
  ///
  /// - Returns: how many heard it.
  func wake() -> Int {
    let end = Deadline.after(seconds: seconds)
    var heard = 0
    repeat {
      do {
        _ = try deliverer.startDue()
      } catch {
        logger.warning("workers were not woken", cause: error.description, [.error: .foreign(error.debugDescription)])
        break
      }
      if deliverer.inFlight == 0 { break }
      heard += deliverer.settleFinished(waiting: min(Self.turnSeconds, max(0, end.secondsLeft))).heard
    } while !end.hasPassed && !deliverer.areAllAwake
    return heard
  }

  /// Takes a sweep that has begun to its end and wakes workers until nothing is due.
  ///
  /// - Returns: whether there may be more to do; false also while another process goes on.
  func goOn(while isFree: () -> Bool) throws(DatabaseError) -> Bool {
    while isFree() {
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
      // Another session may be at the sweep, a relay's for example: it is asked again after a pause only.
      deliverer.settleFinished(waiting: isSweeping ? Self.sweepSeconds : Self.turnSeconds)
    }
    return true
  }
}
