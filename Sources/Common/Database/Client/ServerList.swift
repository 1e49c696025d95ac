internal import CLibPQ
internal import Deadlines

/// The servers among which libpq chooses, as connection string, environment or service file name them: `host`, `hostaddr` and `port`, each
/// of which may be a list with commas. A list of one holds for all servers. A name may have several addresses.
struct ServerList {
  private let hosts: [String]
  private let addresses: [String]
  private let ports: [String]
  /// `connect_timeout` in seconds; infinite if it is 0 or no number.
  private let patience: Double
  /// Whether libpq (16 and later) tries the servers, and the addresses of each, in an order that it does not tell.
  private let isShuffled: Bool
  private let resolve: (String) -> [String]

  /// Of a server in a list without one (`DEF_PGPORT`), whatever `PGPORT` says.
  private static let defaultPort = "5432"

  /// Where libpq tries to connect.
  struct Place: Equatable {
    /// The number of the server, from 0.
    let server: Int
    /// Empty for a socket.
    let address: String
  }

  /// - Parameter resolve: the addresses of a name, in the order in which libpq tries them.
  init(of connection: OpaquePointer, resolving resolve: @escaping (String) -> [String]) {
    self.resolve = resolve
    let options = unsafe ConnectionOptions(PQconninfo(connection))
    func list(_ keyword: String) -> [String] {
      (options?[keyword] ?? "").split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    hosts = list("host")
    addresses = list("hostaddr")
    ports = list("port")
    let seconds = options.flatMap { Int($0["connect_timeout"]) } ?? 0
    patience = seconds > 0 ? Double(seconds) : .infinity
    isShuffled = options?["load_balance_hosts"] == "random"
  }

  var count: Int { max(hosts.count, addresses.count) }

  /// Where libpq tries to connect now. If the server cannot be told, it is taken for the last one.
  func place(of connection: OpaquePointer) -> Place {
    let host = unsafe PQhost(connection).map { unsafe String(cString: $0) } ?? ""
    let port = unsafe PQport(connection).map { unsafe String(cString: $0) } ?? ""
    let address = unsafe PQhostaddr(connection).map { unsafe String(cString: $0) } ?? ""
    let candidates = (0..<count).filter { server in
      [value(hosts, of: server), value(addresses, of: server)].contains(host) && [port, ""].contains(value(ports, of: server))
    }
    // The same name may be there several times, each with an address.
    let server = candidates.first { value(addresses, of: $0) == address } ?? candidates.first ?? count - 1
    return Place(server: server, address: address)
  }

  private func value(_ list: [String], of server: Int) -> String {
    if list.count == 1 { return list[0] }
    return list.indices.contains(server) ? list[server] : ""
  }

  /// Whether the address comes from a name, which may have more of them.
  private func isLookedUp(_ place: Place) -> Bool { !place.address.isEmpty && value(addresses, of: place.server).isEmpty }

  /// The servers that may be tried after a place. Of a shuffled list these are all others; those that have refused do it again.
  private func servers(behind place: Place) -> [Int] {
    (0..<count).filter { isShuffled ? $0 != place.server : $0 > place.server }
  }

  /// How long a place may say nothing: if others follow, only as long as each of them has the same time, and at most `connect_timeout`. A
  /// name is taken to have a second address.
  func limit(at place: Place, _ deadline: Deadline) -> Deadline {
    let places = 1 + servers(behind: place).count + (isLookedUp(place) ? 1 : 0)
    return places == 1 ? deadline : min(deadline, .after(seconds: min(deadline.secondsLeft / Double(places), patience)))
  }

  /// The parameters that name what is behind a place; empty if it is the last. A name is looked up. libpq takes an empty parameter for none, and
  /// would use the whole list of before: so a port is always given, and a server whose address it has to look up, unlike others', is given twice.
  func parameters(behind place: Place) -> [(String, String)] {
    let all = isLookedUp(place) ? resolve(value(hosts, of: place.server)) : []
    let own = isShuffled ? all.filter { $0 != place.address } : Array(all.drop { $0 != place.address }.dropFirst())
    var servers = Array(repeating: place.server, count: own.count) + servers(behind: place)
    if servers.isEmpty { return [] }
    if own.isEmpty, servers.count == 1, addresses.count > 1, value(addresses, of: servers[0]).isEmpty { servers += servers }
    return [
      ("host", servers.map { value(hosts, of: $0) }),
      ("port", servers.map { value(ports, of: $0) }.map { $0.isEmpty ? Self.defaultPort : $0 }),
      ("hostaddr", own + servers.dropFirst(own.count).map { value(addresses, of: $0) }),
    ].map { ($0.0, $0.1.joined(separator: ",")) }
  }
}
