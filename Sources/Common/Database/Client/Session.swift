package import Deadlines
package import Logging

/// One process's connection to PostgreSQL, made when it is first needed and made again when it broke.
///
/// A connection that could not be made is not tried again before a pause is over, so that while the database is down a
/// request gets its 503 within a second. The pause grows with what trying costs, to 5 s; where connections are refused, as by a server
/// that starts or a standby, it stays at a fifth of a second, and work goes on right after a promotion (the relay and a worker
/// have to find the new server one after the other).
package final class Session {
  private let settings: DatabaseSettings
  /// Also for queries that try another way where the first one failed.
  package let logger: Logger
  private var connection: Connection?
  private var failuresInRow = 0
  /// What the last try that failed said.
  private var lastFailure = ""
  private var pause = Deadline.after(seconds: -1)

  /// Does not connect yet: the first statement does. One thread at a time may use it.
  package init(_ settings: DatabaseSettings, logger: Logger) {
    self.settings = settings
    self.logger = logger
  }

  /// Runs one statement. Where the outcome is unknown it is not repeated here: whether that is safe is for the caller to say
  /// (see ``runRepeatable(_:deadline:)``). A server that says it did nothing, because it is going away or has become
  /// read-only, is left for the one that takes writes now, once.
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
      // `connect` has just made sure that there is one.
      return try connection!.run(query, deadline: limit)
    } catch {
      if error.endsConnection { drop(error) }
      throw error
    }
  }

  /// Runs a statement that may be repeated without harm (it reads, or it is guarded by a claim token) until it is answered
  /// or the deadline passes. This is how an unknown COMMIT is resolved.
  package func runRepeatable(_ query: Query, deadline: Deadline) throws(DatabaseError) -> [Row] {
    // Whoever gives up then still has its lease, and can give the attempt back.
    let patience = Deadline.after(seconds: Self.shortageSeconds)
    while true {
      do {
        return try run(query, deadline: deadline)
      } catch {
        let isShortage = error.sqlState?.isShortage == true && !patience.hasPassed
        let pauseSeconds = isShortage ? 1 : min(max(pause.secondsLeft, 0.05), 1)
        let isWorthwhile = error.endsConnection || isShortage || error.sqlState?.isTransient == true
        guard isWorthwhile, deadline.secondsLeft > pauseSeconds else { throw error }
        logger.warning("a guarded statement is repeated", cause: error.description, [.error: .foreign(error.debugDescription)])
        Sleep.seconds(pauseSeconds)
      }
    }
  }

  /// The descriptor to wait on for notifications; nil while there is no connection.
  package var socket: Int? { isConnected ? connection!.socket() : nil }

  /// Takes what has arrived and reports whether any notification was among it.
  package func consumeNotifications() throws(DatabaseError) -> Bool {
    if !isConnected { return false }
    do {
      return try connection!.consumeNotifications()
    } catch {
      drop(error)
      throw error
    }
  }

  /// Whether another of the servers named may take over from the one connected to.
  package private(set) var hasAlternatives = false

  /// Asks the server whether it still takes writes, and lets go of it if not: one that hands its role to another may keep its
  /// connections, and says so to nobody.
  ///
  /// - Throws: where it takes none, or does not answer.
  package func checkTakesWrites() throws(DatabaseError) {
    let answer = try run("SELECT current_setting('transaction_read_only')::boolean AS is_read_only")
    guard answer.first?.flag("is_read_only") == true else { return }
    let error = DatabaseError(kind: .broken, sqlState: .readOnlyTransaction, detail: "the server takes no more writes")
    drop(error)
    throw error
  }

  /// Whether there is a connection just now. What belonged to an earlier one (LISTEN, session locks) is gone with it.
  package private(set) var isConnected = false

  /// Which connection of this session it is, from 1 on: another number is another connection.
  package private(set) var connectionNumber = 0

  private func connect(_ deadline: Deadline) throws(DatabaseError) {
    if isConnected {
      if !connection!.isAlive() {
        drop(DatabaseError(kind: .broken, detail: "the server closed it while it was idle"))
      } else if connection!.isStandby() {
        drop(DatabaseError(kind: .broken, detail: "the server has become a standby"))
      } else {
        return
      }
    }
    // A failover or a restart is waited for a little: a caller told to come again comes a second later at best.
    let patience = min(deadline, .after(seconds: 1))
    while true {
      if !pause.hasPassed {
        guard pause.secondsLeft <= Self.shortPause, pause < patience else {
          // Whoever comes in between is told why it failed, too.
          throw DatabaseError(kind: .unreachable, detail: lastFailure)
        }
        Sleep.seconds(max(0, pause.secondsLeft))
      }
      do {
        return try makeConnection(deadline)
      } catch {
        guard pause.secondsLeft <= Self.shortPause, pause < patience else { throw error }
      }
    }
  }

  private func makeConnection(_ deadline: Deadline) throws(DatabaseError) {
    let stopwatch = Stopwatch()
    do {
      let made = try Connection(settings, deadline: deadline)
      // What a role or a database sets for its own programs is not meant for this one: everything here looks again after each lock, and
      // has deadlines of its own.
      _ = try made.run(
        """
        SELECT set_config('default_transaction_isolation', 'read committed', false), set_config('lock_timeout', '0', false),
               set_config('statement_timeout', \("\(Int(settings.timeoutSeconds * 1000) + 1000)")::text, false),
               (SELECT set_config(s.name, '0', false) FROM pg_catalog.pg_settings AS s WHERE s.name OPERATOR(pg_catalog.=) 'transaction_timeout')
        """, deadline: deadline)
      connection = consume made
      isConnected = true
      hasAlternatives = connection!.hasAlternatives()
      connectionNumber += 1
      failuresInRow = 0
    } catch {
      let limit = Self.longestPause(after: error, costSeconds: stopwatch.milliseconds / 1000)
      // With jitter: all workers lost the same server at the same moment.
      pause = .after(seconds: min(limit, 0.1 * Double(1 << min(failuresInRow, 6))) * .random(in: 0.7...1))
      failuresInRow += 1
      lastFailure = error.detail
      throw error
    }
  }

  /// 0.2 s where nobody is hurt by trying again soon: a connection refused, a server that starts or takes no writes. Up to 5 s
  /// where a try waits for silence, and where a server at work says no (too many connections, a wrong password).
  private static func longestPause(after error: DatabaseError, costSeconds: Double) -> Double {
    // All that answered take no writes, as before a promotion: what was spent was spent on asking them, not on silence.
    if error.sqlState == .readOnlyTransaction { return min(5, max(shortPause, costSeconds)) }
    guard error.sqlState == nil || error.sqlState == .cannotConnectNow else { return 5 }
    return min(5, max(shortPause, 10 * costSeconds))
  }

  private static let shortPause = 0.2
  /// For how long room is waited for.
  private static let shortageSeconds = 5.0

  private func drop(_ error: DatabaseError) {
    logger.warning("the database connection is dropped", [.error: .foreign(error.debugDescription)])
    connection = nil
    isConnected = false
  }

  private func limit(_ deadline: Deadline?) -> Deadline {
    let own = Deadline.after(seconds: settings.timeoutSeconds)
    return deadline.map { min($0, own) } ?? own
  }
}
