internal import Database
internal import DatabaseClient
internal import Deadlines
internal import Logging
internal import Presence
internal import Supervision
internal import Webhooks

/// Wakes workers as soon as something is due: woken itself by NOTIFY, looking every two seconds regardless.
final class Relay {
  private let makeSession: () -> Session
  private let session: Session
  private let deliverer: Deliverer
  private let wakeUp: WakeUpQueries
  private let queue: QueueQueries
  private let presence: Presence
  private let logger: Logger
  /// The number of the connection that listens: LISTEN and the key to sleep belong to it alone.
  private var listening: Int?
  /// Whether that connection's database sends notifications.
  private var isNotified = true
  private var nextLook = Deadline.after(seconds: 0)

  private var nextNotice = Deadline.after(seconds: 0)

  private static let pollSeconds = 2.0
  /// How often the inbox is looked at where no notification comes, or a transaction with hints is open.
  private static let inboxSeconds = 0.1
  /// How often a queue that workers are at is looked at: whether it moves on.
  private static let backlogSeconds = 0.1
  /// How often one of several servers is asked whether it still takes writes.
  private static let roleSeconds = 0.25

  /// Why there may be none by design.
  static let noNotifications =
    "transactions can be prepared in this database (max_prepared_transactions), which therefore sends no notifications"

  /// - Parameters:
  ///   - makeSession: makes another session with the same database.
  ///   - facts: what it tells of itself.
  init(makeSession: @escaping () -> Session, settings: DeliverySettings, facts: WorkerQueries.Facts, logger: Logger) {
    self.makeSession = makeSession
    session = makeSession()
    presence = Presence(WorkerQueries(session), facts: facts, logger: logger)
    self.logger = logger
    queue = QueueQueries(session)
    wakeUp = WakeUpQueries(session)
    deliverer = Deliverer(queue, settings: settings, logger: logger)
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
        tellOfItself()
      } catch {
        listening = nil
        logger.warning("polling failed", cause: error.description, [.error: .foreign(error.debugDescription)])
        // The session does not try more often than is good: what is waited for here is only that pause.
        deliverer.settleFinished(waiting: 0.1)
      }
    }
    Supervisor.stopping()
    deliverer.close(graceSeconds: graceSeconds)
    presence.leave()
    logger.info("stopped")
  }

  private var isListening: Bool { session.isConnected && listening == session.connectionNumber }

  private func turn() throws(DatabaseError) {
    if !isListening {
      try wakeUp.listen()
      listening = session.connectionNumber
      let notifies = try queue.hasNotifications()
      isNotified = notifies ? try hearsOthers() : false
      presence.facts.polls =
        if isNotified { nil } else if notifies { NotificationEcho.silence } else { Self.noNotifications }
      presence.tellSoon()
    }
    // Also while there is a backlog.
    if nextLook.hasPassed {
      nextLook = .after(seconds: Self.pollSeconds)
      try queue.lookAfter(limit: 1000)
    }
    let look = try deliverer.startDue()
    if case .started = look { return }
    // A transaction with hints is open, or another relay sleeps: look again in a moment instead.
    guard isNotified, try wakeUp.tryFallAsleep() else { return try watch() }
    // What was committed before the key was taken sent no notification: look once more, then sleep. Unless the connection was
    // made anew meanwhile: nothing would wake this one.
    switch try deliverer.startDue() {
    case .started: break
    case .waiting: try sleep(seconds: Self.backlogSeconds)
    case .nothingDue: try sleep(seconds: Self.pollSeconds)
    }
    try wakeUp.wakeUp()
  }

  /// Looks again and again, for who is not told, until there is something to do.
  private func watch() throws(DatabaseError) {
    let end = Deadline.after(seconds: Self.pollSeconds)
    while !end.hasPassed && isListening {
      if deliverer.settleFinished(waiting: Self.inboxSeconds).ended > 0 { return }
      if try queue.hasWork() { return }
    }
  }

  private func hearsOthers() throws(DatabaseError) -> Bool {
    let echo = NotificationEcho(session: session, makeSession: makeSession)
    let isHeard = try echo.isHeard { seconds, descriptor in
      deliverer.settleFinished(waiting: seconds, orReadable: descriptor)
    }
    if !isHeard && isListening { logger.error("the relay polls", cause: NotificationEcho.silence) }
    return isHeard
  }

  /// What has changed at once, and that it is there, once a minute.
  private func tellOfItself() {
    if presence.facts.trouble != deliverer.trouble {
      presence.facts.trouble = deliverer.trouble
      presence.tellSoon()
    }
    presence.tell()
  }

  /// Sleeps until a hint is announced, a post ends or it is time to poll. Where another server may take over, this one is asked
  /// between whether it still takes writes: a notification would come from the other.
  private func sleep(seconds: Double) throws(DatabaseError) {
    let end = Deadline.after(seconds: seconds)
    // What is asked may be asked on a connection made anew, on which nothing would wake this one.
    while !end.hasPassed && isListening {
      // Announced while something else was asked.
      if try session.consumeNotifications() { return }
      let seconds = session.hasAlternatives ? min(Self.roleSeconds, end.secondsLeft) : end.secondsLeft
      if deliverer.settleFinished(waiting: max(0, seconds), orReadable: session.socket).ended > 0 { return }
      if try session.consumeNotifications() { return }
      if session.hasAlternatives && !end.hasPassed { try session.checkTakesWrites() }
    }
  }
}
