internal import Database
internal import DatabaseClient
internal import Deadlines
internal import Heartbeat
internal import Logging
internal import Supervision
internal import Webhooks

/// Wakes workers as soon as a video is due. NOTIFY wakes the relay itself, and it also polls every two seconds.
final class Relay {
  private let makeSession: () -> Session
  private let session: Session
  private let deliverer: Deliverer
  private let wakeUp: WakeUpQueries
  private let queue: QueueQueries
  private let heartbeat: Heartbeat
  private let logger: Logger
  private let statementSeconds: Double
  /// The number of the listening connection: LISTEN and the lock that marks the relay as asleep belong to it alone.
  private var listening: Int?
  /// Whether notifications arrive on that connection.
  private var isNotified = true
  private var nextLook = Deadline.after(seconds: 0)
  /// When it is tried again whether notifications can be sent, if the server's queue was full.
  private var nextEcho: Deadline?
  private var nextNotice = Deadline.after(seconds: 0)

  private static let pollSeconds = 2.0
  /// How often the inbox is polled if no notifications arrive, or while a transaction with hints is open.
  private static let inboxSeconds = 0.1
  /// How often it is tried whether notifications can be sent again.
  private static let echoSeconds = 10.0
  /// How often the queue is polled while workers are busy with it, to see whether it moves on.
  private static let backlogSeconds = 0.1
  /// How long posts under way may take to finish when the relay is told to stop.
  private static let graceSeconds = 10.0
  /// How often one of several servers is asked whether it still accepts writes.
  private static let roleSeconds = 0.25

  /// Why the database may send no notifications by design.
  static let noNotifications =
    "transactions can be prepared in this database (max_prepared_transactions), which therefore sends no notifications"

  /// - Parameters:
  ///   - makeSession: makes another session with the same database.
  ///   - statementSeconds: how long a statement of such a session may take.
  ///   - facts: what the relay reports about itself.
  init(
    makeSession: @escaping () -> Session, statementSeconds: Double, settings: DeliverySettings, facts: WorkerQueries.Facts,
    logger: Logger
  ) {
    self.makeSession = makeSession
    self.statementSeconds = statementSeconds
    session = makeSession()
    heartbeat = Heartbeat(WorkerQueries(session), facts: facts, logger: logger)
    self.logger = logger
    queue = QueueQueries(session)
    wakeUp = WakeUpQueries(session)
    deliverer = Deliverer(queue, settings: settings, logger: logger)
  }

  /// Runs until told to stop (``StopSignal``).
  func run() {
    Supervisor.ready()
    // One turn may wait for more than one statement.
    Supervisor.allow(seconds: 3 * statementSeconds)
    while !StopSignal.isRequested {
      if Supervisor.watchdogSeconds != nil && nextNotice.hasPassed {
        nextNotice = .after(seconds: 1)
        Supervisor.alive()
      }
      do {
        try turn()
        tellOfItself()
      } catch {
        listening = nil
        logger.warning("polling failed", error)
        // The session limits how often it reconnects; this only waits for that pause.
        deliverer.settleFinished(waiting: 0.1)
      }
    }
    Supervisor.stopping()
    deliverer.close(graceSeconds: Self.graceSeconds)
    heartbeat.leave()
    logger.info("stopped")
  }

  private var isListening: Bool { session.isConnected && listening == session.connectionNumber }

  private func turn() throws(DatabaseError) {
    if !isListening || nextEcho?.hasPassed == true {
      try wakeUp.listen()
      listening = session.connectionNumber
      let problem = try queue.hasNotifications() ? try echo() : Self.noNotifications
      isNotified = problem == nil
      heartbeat.facts.polls = problem
      nextEcho = problem == NotificationEcho.fullQueue ? .after(seconds: Self.echoSeconds) : nil
      heartbeat.beatSoon()
    }
    // Must happen even during a backlog.
    if nextLook.hasPassed {
      nextLook = .after(seconds: Self.pollSeconds)
      try queue.lookAfter(limit: 1000)
    }
    let look = try deliverer.startDue()
    if case .started = look { return }
    // A transaction with hints is open, or another relay is asleep and will be notified: poll instead.
    guard isNotified, try wakeUp.tryFallAsleep() else { return try watch() }
    // What was committed before the lock was taken sent no notification, so look once more, then sleep. If the connection has been replaced
    // meanwhile, nothing would wake this one, and `sleep` returns at once.
    switch try deliverer.startDue() {
    case .started: break
    case .waiting: try sleep(seconds: Self.backlogSeconds)
    case .nothingDue: try sleep(seconds: Self.pollSeconds)
    }
    try wakeUp.wakeUp()
  }

  /// Polls until there is something to do, for a relay that gets no notification.
  private func watch() throws(DatabaseError) {
    let end = Deadline.after(seconds: Self.pollSeconds)
    while !end.hasPassed && isListening {
      if deliverer.settleFinished(waiting: Self.inboxSeconds).ended > 0 { return }
      if try queue.hasWork() { return }
    }
  }

  /// Why notifications of others do not arrive.
  private func echo() throws(DatabaseError) -> String? {
    let problem = try NotificationEcho(session: session, makeSession: makeSession).problem { seconds, descriptor in
      deliverer.settleFinished(waiting: seconds, orReadable: descriptor)
    }
    if let problem, isListening, problem != heartbeat.facts.polls { logger.error("the relay polls", cause: problem) }
    return problem
  }

  /// Reports a change at once, and otherwise once a minute that the relay is there.
  private func tellOfItself() {
    if heartbeat.facts.trouble != deliverer.trouble {
      heartbeat.facts.trouble = deliverer.trouble
      heartbeat.beatSoon()
    }
    heartbeat.beat()
  }

  /// Sleeps until a hint is announced, a post ends or it is time to poll. If another server may take over, this one is asked meanwhile
  /// whether it still accepts writes, since the notification would come from the other.
  private func sleep(seconds: Double) throws(DatabaseError) {
    let end = Deadline.after(seconds: seconds)
    // A question may be asked on a new connection, on which no notification would arrive.
    while !end.hasPassed && isListening {
      // It may have arrived together with another answer.
      if try session.consumeNotifications() { return }
      let seconds = session.hasAlternatives ? min(Self.roleSeconds, end.secondsLeft) : end.secondsLeft
      if deliverer.settleFinished(waiting: seconds, orReadable: session.socket).ended > 0 { return }
      if try session.consumeNotifications() { return }
      if session.hasAlternatives && !end.hasPassed { try session.checkTakesWrites() }
    }
  }
}
