internal import CGlibc
internal import Deadlines
internal import Synchronization

/// Tells whether this host can look up names. Exchanges that fail together ask once: silence takes seconds, and a name server that limits
/// how often it is asked would fall silent.
struct NameServers {
  private let ask: (_ name: String, _ seconds: Int32) -> Bool
  /// What was found, and until when it holds.
  private var found = (answers: false, until: Deadline.after(seconds: 0))
  /// The host of the last exchange that succeeded, or one that has to be there. No name server is asked for an address.
  private(set) var knownName: String?

  /// By then, a server may answer again, or have fallen silent.
  private static let seconds = 5.0

  /// Those of this host (`/etc/resolv.conf`).
  static let here = Mutex(NameServers { unsafe cresolver_answers($0, $1) })

  /// - Parameter ask: whether a server answers a question for a name, within so many seconds.
  init(asking ask: @escaping (_ name: String, _ seconds: Int32) -> Bool) {
    self.ask = ask
  }

  /// - Parameter url: of an exchange that succeeded, or of a server that this host needs.
  mutating func know(hostOf url: String) {
    if let host = try? SourceURL(url).host, !AddressRules.isAddress(host) { knownName = host }
  }

  /// Whether one of them answers, or did a moment ago. The first one has a second even after the deadline.
  ///
  /// The servers of the root exist for everybody. The name servers of a closed network refuse to ask for them, but know other names.
  mutating func answer(until deadline: Deadline) -> Bool {
    if found.until.hasPassed {
      var answers = ask(".", Self.wholeSeconds(until: deadline))
      if !answers, let knownName, deadline.secondsLeft > 2 { answers = ask(knownName, Self.wholeSeconds(until: deadline)) }
      found = (answers, .after(seconds: Self.seconds))
    }
    return found.answers
  }

  private static func wholeSeconds(until deadline: Deadline) -> Int32 { Int32(max(1, min(deadline.secondsLeft, 60))) }
}
