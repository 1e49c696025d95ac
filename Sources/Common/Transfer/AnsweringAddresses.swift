internal import Deadlines

/// Which address answered, for names of which another address did not. libcurl would wait for the other one again with each new connection,
/// for half of the time that connecting may take.
struct AnsweringAddresses {
  private var entries: [String: (address: String, end: Deadline)] = [:]

  /// By then the other address may answer again.
  private static let seconds = 300.0
  /// Names are chosen by others.
  private static let most = 256

  /// - Parameter place: a host and a port.
  subscript(_ place: String) -> String? { entries[place].flatMap { $0.end.hasPassed ? nil : $0.address } }

  /// Learns from an exchange with `place`. If it brought no answer, all addresses are tried again.
  mutating func learn(_ place: String, from exchange: Exchange) {
    if !exchange.hasHead {
      entries[place] = nil
    } else if let peer = exchange.peer, exchange.tried.count > 1, exchange.tried.contains(peer) {
      if entries.count >= Self.most { entries = [:] }
      entries[place] = (peer, .after(seconds: Self.seconds))
    }
  }
}
