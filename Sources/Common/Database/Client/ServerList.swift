internal import CLibPQ
internal import Deadlines

/// The servers among which libpq chooses, as connection string, environment or service file name them: `host`, `hostaddr` and `port`, each
/// of which may be a list with commas.
struct ServerList {
  private let lists: [(keyword: String, values: [Substring])]
  /// `connect_timeout` in seconds; infinite if it is 0 or no number.
  private let patience: Double

  init(of connection: OpaquePointer) {
    let options = unsafe ConnectionOptions(PQconninfo(connection))
    lists = ["host", "hostaddr", "port"].map {
      ($0, (options?[$0] ?? "").split(separator: ",", omittingEmptySubsequences: false))
    }
    let seconds = options.flatMap { Int($0["connect_timeout"]) } ?? 0
    patience = seconds > 0 ? Double(seconds) : .infinity
  }

  var count: Int { max(lists[0].values.count, lists[1].values.count) }

  /// The number of the server that libpq tries now, from 0; the last one if that cannot be told.
  func current(of connection: OpaquePointer) -> Int {
    let host = unsafe PQhost(connection).map { unsafe String(cString: $0) } ?? ""
    let port = unsafe PQport(connection).map { unsafe String(cString: $0) } ?? ""
    return (0..<count).first { (value(0, $0) == host || value(1, $0) == host) && [port, ""].contains(value(2, $0)) } ?? count
      - 1
  }

  private func value(_ list: Int, _ server: Int) -> String {
    let values = lists[list].values
    return String(values.count == 1 ? values[0] : values.indices.contains(server) ? values[server] : "")
  }

  /// How long a server may say nothing: if others follow, only as long as each of them has the same time, and at most `connect_timeout`.
  func limit(of server: Int, _ deadline: Deadline) -> Deadline {
    let share = deadline.secondsLeft / Double(count - server)
    return server == count - 1 ? deadline : min(deadline, .after(seconds: min(share, patience)))
  }

  /// The parameters that name the servers behind one; empty if it is the last.
  func parameters(behind server: Int) -> [(String, String)] {
    lists.filter { $0.values.count > server + 1 }.map { ($0.keyword, $0.values.dropFirst(server + 1).joined(separator: ",")) }
  }
}
