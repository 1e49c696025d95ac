internal import Deadlines

/// Which address answered, for names of which another address did not. libcurl would wait for the other one again with each new connection,
/// for half of the time that connecting may take.
struct AnsweringAddresses {
  private var entries: [String: (address: String, end: Deadline)] = [:]

  /// By then the other address may answer again.
  private static let seconds = 300.0
  /// Names are chosen by others.
  private static let most = 256

  /// Scheme, host and port of a URL. It is not parsed: what libcurl has lengthened by escapes may be too long for that.
  static func place(of url: String) -> String { url.split(separator: "/", maxSplits: 2).prefix(2).joined(separator: "//") }

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
