internal import CLibPQ
internal import Deadlines
internal import Glibc
internal import Settings

/// One connection to PostgreSQL (`PGconn`). It is non-blocking, so that our deadline holds even if the server process is only stopped.
@safe struct Connection: ~Copyable {
  private let handle: OpaquePointer
  /// Whether the connection string or a service file names more servers than this one.
  var hasAlternatives: Bool

  /// Connects, by `PQconnectStartParams` and `PQconnectPoll`.
  ///
  /// Unless the connection string or a variable of libpq says otherwise, a dead peer is noticed within seven seconds (for the relay, too,
  /// which polls every two seconds). Nothing that PgBouncer would refuse is sent at the start.
  ///
  /// - Parameters:
  ///   - others: what of the servers is left, from ``behind()``.
  ///   - resolve: the addresses of a name.
  init(
    _ settings: DatabaseSettings, behind others: [(String, String)] = [], deadline: Deadline,
    resolving resolve: @escaping (String) -> [String] = HostAddresses.of
  ) throws(DatabaseError) {
    // Later entries win, and `dbname` is expanded in its place, so the operator's string overrides the defaults.
    var parameters = Self.defaults(beside: .process)
    parameters.append(("fallback_application_name", settings.applicationName))
    if let connection = settings.connection { parameters.append(("dbname", connection.exposed)) }
    // Every text here is UTF-8, whatever the role, the database or the environment sets for other programs.
    parameters.append(("client_encoding", "UTF8"))
    parameters += others
    let handle: OpaquePointer
    unsafe (handle, hasAlternatives) = try Self.connect(parameters, deadline, resolve)
    unsafe _ = PQsetErrorVerbosity(handle, PQERRORS_DEFAULT)
    // Otherwise libpq itself would wait without limit for a server that does not read.
    unsafe _ = PQsetnonblocking(handle, 1)
    unsafe self.handle = handle
  }

  deinit {
    unsafe PQfinish(handle)
  }

  /// Runs one statement with `PQsendQueryParams`. Parameters are sent apart from the text, and statements are not named, so that it works
  /// through PgBouncer in transaction mode.
  ///
  /// - Returns: all rows.
  /// - Throws: `refused` if the server answers with an error; `broken` or `timedOut` if the outcome is not known.
  borrowing func run(_ query: Query, deadline: Deadline) throws(DatabaseError) -> [Row] {
    let sent = unsafe LibPQ.withCStrings(query.parameters) { values in
      unsafe PQsendQueryParams(handle, query.sql, Int32(query.parameters.count), nil, values, nil, nil, 0)
    }
    guard sent == 1 else { throw DatabaseError(kind: .broken, detail: lastMessage) }
    try flush(deadline)
    var rows: [Row] = []
    var failure: DatabaseError?
    while true {
      while unsafe PQisBusy(handle) == 1 {
        guard Self.wait(unsafe PQsocket(handle), Int16(POLLIN), deadline) else {
          throw DatabaseError(kind: .timedOut, detail: "while waiting for a result")
        }
        // Of a TLS record of more than 8 KiB, as PostgreSQL 17 and poolers send them, an older libpq may read only half. The rest is then in
        // OpenSSL's buffer, of which poll(2) knows nothing.
        for _ in 0..<2 where unsafe PQisBusy(handle) == 1 {
          guard unsafe PQconsumeInput(handle) == 1 else { throw failure ?? DatabaseError(kind: .broken, detail: lastMessage) }
        }
      }
      guard let result = unsafe PQgetResult(handle) else { break }
      defer { unsafe PQclear(result) }
      switch unsafe PQresultStatus(result) {
      case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: unsafe rows += Self.rows(of: result)
      default: failure = unsafe failure ?? Self.failure(of: result, isConnected: PQstatus(handle) == CONNECTION_OK)
      }
    }
    if let failure { throw failure }
    return rows
  }

  /// Whether an idle connection is still alive. A server that went away has sent an error and closed the connection; that is read here
  /// before anything is sent, so that no statement has an unknown outcome.
  borrowing func isAlive() -> Bool {
    for _ in 0..<4 {
      var entry = unsafe pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&entry, 1, 0) > 0 else { break }
      guard unsafe PQconsumeInput(handle) == 1 else { return false }
    }
    return unsafe PQstatus(handle) == CONNECTION_OK
  }

  /// The parameters of the servers and addresses that come after this one; empty if it is the last.
  borrowing func behind() -> [(String, String)] {
    let servers = unsafe ServerList(of: handle, resolving: HostAddresses.of)
    return unsafe servers.parameters(behind: servers.place(of: handle))
  }

  /// The descriptor to wait on for notifications.
  borrowing func socket() -> Int { unsafe Int(PQsocket(handle)) }

  /// Reads what has arrived, and returns whether any notification was among it.
  borrowing func consumeNotifications() throws(DatabaseError) -> Bool {
    guard unsafe PQconsumeInput(handle) == 1 else { throw DatabaseError(kind: .broken, detail: lastMessage) }
    var any = false
    while let notification = unsafe PQnotifies(handle) {
      any = true
      unsafe PQfreemem(notification)
    }
    return any
  }

  private var lastMessage: String { unsafe String(cString: PQerrorMessage(handle)) }

  private borrowing func flush(_ deadline: Deadline) throws(DatabaseError) {
    while true {
      let left = unsafe PQflush(handle)
      if left == 0 { return }
      if left < 0 { throw DatabaseError(kind: .broken, detail: lastMessage) }
      guard Self.wait(unsafe PQsocket(handle), Int16(POLLIN | POLLOUT), deadline) else {
        throw DatabaseError(kind: .timedOut, detail: "while sending a statement")
      }
      _ = unsafe PQconsumeInput(handle)
    }
  }

  private static func failure(of result: OpaquePointer, isConnected: Bool) -> DatabaseError {
    let state = unsafe PQresultErrorField(result, cpq_diag_sqlstate()).map { unsafe SQLState(rawValue: String(cString: $0)) }
    let message =
      unsafe PQresultErrorField(result, cpq_diag_message_primary()).map { unsafe String(cString: $0) }
      ?? String(cString: PQresultErrorMessage(result))
    // Without a code it is libpq's own error: the connection is lost and nobody knows what the server did.
    let isUnknown = state == nil || (!isConnected && state?.endsConnection == true)
    return DatabaseError(kind: isUnknown ? .broken : .refused, sqlState: state, detail: message)
  }

  private static func rows(of result: OpaquePointer) -> [Row] {
    let columns = unsafe (0..<PQnfields(result)).map { unsafe String(cString: PQfname(result, $0)) }
    return unsafe (0..<PQntuples(result)).map { row in
      var values: [String: String] = [:]
      for (index, column) in columns.enumerated() where unsafe PQgetisnull(result, row, Int32(index)) == 0 {
        values[column] = unsafe String(cString: PQgetvalue(result, row, Int32(index)))
      }
      return Row(values: values)
    }
  }

  /// Waits until the descriptor is ready; false if the deadline passes first.
  static func wait(_ descriptor: Int32, _ events: Int16, _ deadline: Deadline) -> Bool {
    var entry = pollfd(fd: descriptor, events: events, revents: 0)
    while true {
      let ready = unsafe poll(&entry, 1, Int32(deadline.pollMilliseconds))
      if ready > 0 { return true }
      if ready == 0 && deadline.hasPassed { return false }
      if ready < 0 && errno != EINTR { return false }
    }
  }
}
