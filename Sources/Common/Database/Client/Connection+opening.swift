internal import CLibPQ
internal import Deadlines
internal import Glibc
internal import Settings

extension Connection {
  static let targetKeyword = "target_session_attrs"
  static let targetVariable = "PGTARGETSESSIONATTRS"

  /// Our defaults, without those that libpq finds in `environment`: it reads that only for what it is not told.
  static func defaults(beside environment: Environment) -> [(String, String)] {
    [
      ("connect_timeout", environment["PGCONNECT_TIMEOUT"] == nil ? "3" : nil), ("keepalives_idle", "4"),
      ("keepalives_interval", "2"), ("keepalives_count", "2"), ("tcp_user_timeout", "4000"),
      (targetKeyword, environment[targetVariable] == nil ? "any" : nil),
    ].compactMap { keyword, value in value.map { (keyword, $0) } }
  }

  /// Connects to a server that answers. libpq itself goes on to the next one only if a server refuses, and not if it says nothing
  /// (`connect_timeout` holds only for calls that block): then the connection is begun again with the addresses and servers behind it.
  static func connect(
    _ parameters: [(String, String)], _ deadline: Deadline, _ resolve: @escaping (String) -> [String]
  ) throws(DatabaseError) -> (handle: OpaquePointer, hasAlternatives: Bool) {
    var parameters = parameters
    var hasAlternatives: Bool?
    while true {
      guard let handle = unsafe LibPQ.connectStart(parameters) else {
        throw DatabaseError(kind: .unreachable, detail: "libpq is out of memory")
      }
      // libpq would print notices, such as a server's shutdown, to standard error, between our log lines. A wrong setting of the database or
      // the role, and a trigger on login, send some before the connection is made.
      unsafe _ = PQsetNoticeProcessor(handle, { _, _ in }, nil)
      // The message of a server's refusal has its code only with this, and `Session` decides by the code how soon to retry.
      unsafe _ = PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
      let servers = unsafe ServerList(of: handle, resolving: resolve)
      hasAlternatives = hasAlternatives ?? (servers.count > 1)
      guard let failure = unsafe finishConnecting(handle, servers, deadline) else {
        return unsafe (handle, hasAlternatives == true)
      }
      let isSilent = unsafe PQstatus(handle) != CONNECTION_BAD
      let others = unsafe isSilent && !deadline.hasPassed ? servers.parameters(behind: servers.place(of: handle)) : []
      unsafe PQfinish(handle)
      if others.isEmpty { throw failure }
      // Later entries win.
      parameters += others
    }
  }

  /// - Returns: why there is no connection: a refusal, or the silence of the server that libpq tries now; nil if there is one.
  private static func finishConnecting(_ handle: OpaquePointer, _ servers: ServerList, _ deadline: Deadline) -> DatabaseError? {
    var next = PGRES_POLLING_WRITING
    var place: ServerList.Place?
    var limit = deadline
    while unsafe PQstatus(handle) != CONNECTION_BAD {
      let current = unsafe servers.place(of: handle)
      if current != place { (place, limit) = (current, servers.limit(at: current, deadline)) }
      switch next {
      case PGRES_POLLING_OK:
        return nil
      case PGRES_POLLING_READING, PGRES_POLLING_WRITING:
        let events = next == PGRES_POLLING_READING ? POLLIN : POLLOUT
        if wait(unsafe PQsocket(handle), Int16(events), limit) {
          next = unsafe PQconnectPoll(handle)
        } else if limit < deadline, servers.parameters(behind: current).isEmpty {
          limit = deadline
        } else {
          return DatabaseError(kind: .unreachable, detail: "no answer in time while connecting")
        }
      default:
        return unsafe refusal(handle)
      }
    }
    return unsafe refusal(handle)
  }

  /// Some providers set this while the disk is full.
  static let readOnlyReason = "; it is a standby, or default_transaction_read_only is on"

  private static func refusal(_ handle: OpaquePointer) -> DatabaseError {
    let message = unsafe String(cString: PQerrorMessage(handle))
    // The place in the server's source is of no use.
    let lines = message.split(separator: "\n").filter { !$0.hasPrefix("LOCATION:") }
    // libpq's own message about a server that accepts no writes (`target_session_attrs=read-write`), for which it has no code.
    let isReadOnly = message.contains("session is read-only")
    return DatabaseError(
      kind: .unreachable, sqlState: SQLState(connectionFailure: message) ?? (isReadOnly ? .readOnlyTransaction : nil),
      detail: lines.joined(separator: "\n") + (isReadOnly ? readOnlyReason : ""))
  }
}
