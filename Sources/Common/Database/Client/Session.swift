package import Deadlines
package import Logging

/// One process's connection to PostgreSQL. It is made when it is first needed, and again after it broke.
///
/// After a failed attempt to connect, the next one waits for a pause to end, so that a request gets its 503 within a second while the
/// database is down. The pause grows with the cost of an attempt, up to 5 s. If connections are refused, as by a starting server or a
/// standby, it stays at a fifth of a second, so that work resumes right after a promotion (the relay and then a worker have to find the new
/// server).
package final class Session {
  private let settings: DatabaseSettings
  /// Also used by queries that try another statement after a failure.
  package let logger: Logger
  private var connection: Connection?
  private var failuresInRow = 0
  private var lastFailure = ""
  private var pause = Deadline.after(seconds: -1)
  /// When the connection is to be replaced.
  private var end = Deadline.after(seconds: -1)

  /// Does not connect: the first statement does. Must be used by one thread at a time.
  package init(_ settings: DatabaseSettings, logger: Logger) {
    self.settings = settings
    self.logger = logger
  }

  /// Runs one statement. If the outcome is not known, it is not repeated here, since only the caller knows whether that is safe (see
  /// ``runRepeatable(_:deadline:)``). If a server says that it did nothing because it is shutting down or has become read-only, the
  /// statement is sent once more, on a new connection.
  package func run(_ query: Query, deadline: Deadline? = nil) throws(DatabaseError) -> [Row] {
    do {
      return try runOnce(query, deadline: deadline)
    } catch {
      guard error.kind == .refused, error.endsConnection else { throw error }
      return try runOnce(query, deadline: deadline)
    }
  }

  private func runOnce(_ query: Query, deadline: Deadline?) throws(DatabaseError) -> [Row] {
    let limit = self.limit(deadline)
    try connect(limit)
    do {
      // `connect` has just made the connection.
      return try connection!.run(query, deadline: limit)
    } catch {
      if error.endsConnection { drop(error) }
      throw error
    }
  }

  /// Runs a statement that may be repeated without harm, because it only reads or is guarded by a claim token, until it is answered or the
  /// deadline passes. This is how an unknown COMMIT is resolved.
  package func runRepeatable(_ query: Query, deadline: Deadline) throws(DatabaseError) -> [Row] {
    // After that long the caller still has its lease and can give the attempt back.
    let patience = Deadline.after(seconds: Self.shortageSeconds)
    while true {
      do {
        return try run(query, deadline: deadline)
      } catch {
        let isShortage = error.sqlState?.isShortage == true && !patience.hasPassed
        let pauseSeconds = isShortage ? 1 : min(max(pause.secondsLeft, 0.05), 1)
        let isWorthwhile = error.endsConnection || isShortage || error.sqlState?.isTransient == true
        guard isWorthwhile, deadline.secondsLeft > pauseSeconds else { throw error }
        logger.warning("a guarded statement is repeated", error)
        Sleep.seconds(pauseSeconds)
      }
    }
  }

  /// The descriptor to wait on for notifications; nil without a connection.
  package var socket: Int? { isConnected ? connection!.socket() : nil }

  /// Reads what has arrived, and returns whether any notification was among it.
  package func consumeNotifications() throws(DatabaseError) -> Bool {
    if !isConnected { return false }
    do {
      return try connection!.consumeNotifications()
    } catch {
      drop(error)
      throw error
    }
  }

  /// Whether another of the configured servers may take over from the current one.
  package private(set) var hasAlternatives = false

  /// Asks the server whether it still accepts writes, and drops the connection if not: a server that hands its role to another may keep its
  /// connections open without a word.
  ///
  /// - Throws: `DatabaseError` if it accepts none or does not answer.
  package func checkTakesWrites() throws(DatabaseError) {
    let answer = try run("SELECT current_setting('transaction_read_only')::boolean AS is_read_only")
    guard answer.first?.flag("is_read_only") == true else { return }
    let error = DatabaseError(kind: .broken, sqlState: .readOnlyTransaction, detail: "the server takes no more writes")
    drop(error)
    throw error
  }

  /// Whether there is a connection. What belonged to an earlier one (LISTEN, session locks) is lost with it.
  package var isConnected: Bool { connection != nil }

  /// The number of this session's connection, from 1. A different number means a new connection.
  package private(set) var connectionNumber = 0

  private func connect(_ deadline: Deadline) throws(DatabaseError) {
    if isConnected {
      if !connection!.isAlive() {
        drop(DatabaseError(kind: .broken, detail: "the server closed it while it was idle"))
      } else {
        if end.hasPassed { renew(deadline) }
        return
      }
    }
    // Waits a little for a failover or a restart, since a caller that is told to come again does so a second later at best.
    let patience = min(deadline, .after(seconds: 1))
    while true {
      if !pause.hasPassed {
        guard pause.secondsLeft <= Self.shortPause, pause < patience else {
          // A caller during the pause is told the last failure, too.
          throw DatabaseError(kind: .unreachable, detail: lastFailure)
        }
        Sleep.seconds(pause.secondsLeft)
      }
      do {
        return try makeConnection(deadline)
      } catch {
        guard pause.secondsLeft <= Self.shortPause, pause < patience else { throw error }
      }
    }
  }

  /// Replaces a connection that has become old. If the server gives no other one, because it has no slot left or is about to go, the old one
  /// stays for as long again.
  private func renew(_ deadline: Deadline) {
    end = .after(seconds: settings.lifetimeSeconds)
    do {
      try makeConnection(min(deadline, .after(seconds: 1)))
    } catch {
      logger.warning("an old database connection stays", error)
    }
  }

  private func makeConnection(_ deadline: Deadline) throws(DatabaseError) {
    let stopwatch = Stopwatch()
    do {
      let made = try Connection.prepared(settings, deadline: deadline)
      hasAlternatives = made.hasAlternatives
      connection = consume made
      connectionNumber += 1
      end = .after(seconds: settings.lifetimeSeconds)
      failuresInRow = 0
    } catch {
      let limit = Self.longestPause(after: error, costSeconds: stopwatch.seconds)
      // With jitter, since all workers lost the same server at the same moment.
      pause = .after(seconds: min(limit, 0.1 * Double(1 << min(failuresInRow, 6))) * .random(in: 0.7...1))
      failuresInRow += 1
      lastFailure = error.detail
      throw error
    }
  }

  /// 0.2 s if retrying soon hurts nobody: the connection was refused, or the server is starting or accepts no writes. Up to 5 s if an
  /// attempt has to wait for a silent host, or a working server refuses it (too many connections, a wrong password).
  private static func longestPause(after error: DatabaseError, costSeconds: Double) -> Double {
    // Every host answered that it accepts no writes, as before a promotion. The time was spent on asking them, not on silence.
    if error.sqlState == .readOnlyTransaction { return min(5, max(shortPause, costSeconds)) }
    guard error.sqlState == nil || error.sqlState == .cannotConnectNow else { return 5 }
    return min(5, max(shortPause, 10 * costSeconds))
  }

  private static let shortPause = 0.2
  /// How long to wait for a server that lacks resources.
  private static let shortageSeconds = 5.0

  private func drop(_ error: DatabaseError) {
    logger.warning("the database connection is dropped", [.error: .foreign(error.debugDescription)])
    connection = nil
  }

  private func limit(_ deadline: Deadline?) -> Deadline {
    let own = Deadline.after(seconds: settings.timeoutSeconds)
    return deadline.map { min($0, own) } ?? own
  }
}
