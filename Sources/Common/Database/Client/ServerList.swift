internal import CLibPQ
internal import Deadlines

/// The servers among which libpq chooses, as connection string, environment or service file name them: `host`, `hostaddr` and `port`, each
/// of which may be a list with commas. A list of one holds for all servers.
struct ServerList {
  private let hosts: [String]
  private let addresses: [String]
  private let ports: [String]
  /// `connect_timeout` in seconds; infinite if it is 0 or no number.
  private let patience: Double

  init(of connection: OpaquePointer) {
    let options = unsafe ConnectionOptions(PQconninfo(connection))
    func list(_ keyword: String) -> [String] {
      (options?[keyword] ?? "").split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    hosts = list("host")
    addresses = list("hostaddr")
    ports = list("port")
    let seconds = options.flatMap { Int($0["connect_timeout"]) } ?? 0
    patience = seconds > 0 ? Double(seconds) : .infinity
  }

  var count: Int { max(hosts.count, addresses.count) }

  /// The number of the server that libpq tries now, from 0; the last one if that cannot be told.
  func current(of connection: OpaquePointer) -> Int {
    let host = unsafe PQhost(connection).map { unsafe String(cString: $0) } ?? ""
    let port = unsafe PQport(connection).map { unsafe String(cString: $0) } ?? ""
    let found = (0..<count).first { server in
      [value(hosts, of: server), value(addresses, of: server)].contains(host)
        && [port, ""].contains(value(ports, of: server))
    }
    return found ?? count - 1
  }

  private func value(_ list: [String], of server: Int) -> String {
    if list.count == 1 { return list[0] }
    return list.indices.contains(server) ? list[server] : ""
  }

  /// How long a server may say nothing: if others follow, only as long as each of them has the same time, and at most `connect_timeout`.
  func limit(of server: Int, _ deadline: Deadline) -> Deadline {
    let share = deadline.secondsLeft / Double(count - server)
    return server == count - 1 ? deadline : min(deadline, .after(seconds: min(share, patience)))
  }

  /// The parameters that name the servers behind one; empty if it is the last.
  func parameters(behind server: Int) -> [(String, String)] {
    [("host", hosts), ("hostaddr", addresses), ("port", ports)].filter { $0.1.count > server + 1 }
      .map { ($0.0, $0.1.dropFirst(server + 1).joined(separator: ",")) }
  }
}
