internal import Database
internal import DatabaseClient
internal import Deadlines
internal import Logging
internal import Supervision
internal import Webhooks

/// Wakes workers as soon as something is due: woken itself by NOTIFY, looking every two seconds regardless.
final class Relay {
  private let session: Session
  private let deliverer: Deliverer
  private let wakeUp: WakeUpQueries
  private let queue: QueueQueries
  private let logger: Logger
  /// The number of the connection that listens: LISTEN and the key to sleep belong to it alone.
  private var listening: Int?
  /// Whether that connection's database sends notifications.
  private var isNotified = true
  private var nextLook = Deadline.after(seconds: 0)

  private var nextNotice = Deadline.after(seconds: 0)

  private static let pollSeconds = 2.0
  /// How often the inbox is looked at where no notification comes, or a transaction with hints is open.
  private static let inboxSeconds = 0.05
  /// How often one of several servers is asked whether it still takes writes.
  private static let roleSeconds = 0.25

  init(_ session: Session, settings: DeliverySettings, logger: Logger) {
    self.session = session
    self.logger = logger
    queue = QueueQueries(session)
    wakeUp = WakeUpQueries(session)
    deliverer = Deliverer(queue, settings: settings, respondsAsync: false, logger: logger)
  }

  /// Runs until told to stop; posts under way get `graceSeconds` to end.
  func run(shouldStop: () -> Bool, graceSeconds: Double) {
    Supervisor.ready()
    while !shouldStop() {
      if Supervisor.watchdogSeconds != nil && nextNotice.hasPassed {
        nextNotice = .after(seconds: 1)
        Supervisor.alive()
      }
      do {
        try turn()
      } catch {
        listening = nil
        logger.warning("polling failed", [.error: .foreign(error.debugDescription)])
        // The session does not try more often than is good: what is waited for here is only that pause.
        _ = deliverer.settleFinished(waiting: 0.1)
      }
    }
    Supervisor.stopping()
    deliverer.close(graceSeconds: graceSeconds)
    logger.info("stopped")
  }

  private var isListening: Bool { session.isConnected && listening == session.connectionNumber }

  private func turn() throws(DatabaseError) {
    if !isListening {
      try wakeUp.listen()
      isNotified = try queue.hasNotifications()
      listening = session.connectionNumber
    }
    // Also while there is a backlog.
    if nextLook.hasPassed {
      nextLook = .after(seconds: Self.pollSeconds)
      try queue.lookAfter(limit: 1000)
    }
    if !deliverer.hasRoom {
      _ = deliverer.settleFinished(waiting: deliverer.inFlight == 0 ? Self.inboxSeconds : Self.pollSeconds)
      return
    }
    if try deliverer.startDue() > 0 { return }
    // A transaction with hints is open, or another relay sleeps: look again in a moment instead.
    guard isNotified, try wakeUp.tryFallAsleep() else {
      _ = deliverer.settleFinished(waiting: Self.inboxSeconds)
      return
    }
    // What was committed before the key was taken sent no notification: look once more, then sleep. Unless the connection was
    // made anew meanwhile: nothing would wake this one.
    if try deliverer.startDue() == 0 { try sleep() }
    try wakeUp.wakeUp()
  }

  /// Sleeps until a hint is announced, a post ends or it is time to poll. Where another server may take over, this one is asked
  /// between whether it still takes writes: a notification would come from the other.
  private func sleep() throws(DatabaseError) {
    let end = Deadline.after(seconds: Self.pollSeconds)
    // What is asked may be asked on a connection made anew, on which nothing would wake this one.
    while !end.hasPassed && isListening {
      // Announced while something else was asked.
      if try session.consumeNotifications() { return }
      let seconds = session.hasAlternatives ? min(Self.roleSeconds, end.secondsLeft) : end.secondsLeft
      if deliverer.settleFinished(waiting: max(0, seconds), orReadable: session.socket) > 0 { return }
      if try session.consumeNotifications() { return }
      if session.hasAlternatives && !end.hasPassed { try session.checkTakesWrites() }
    }
  }
}
