package import Deadlines

/// The origins on the Internet that have answered this process, newest last. If one is silent, the others tell whether the network is at fault.
package final class KnownOrigins {
  private var places: [SourceURL] = []
  /// The last one that gave no answer.
  private var silent: SourceURL?

  /// How many are asked: each has its share of the time.
  private static let most = 3

  package init() {}

  func noteAnswer(from place: SourceURL) {
    places.removeAll { $0.host == place.host }
    places.append(place)
    if places.count > Self.most { places.removeFirst() }
  }

  func noteSilence(of place: SourceURL) { silent = place }

  /// Whether one of the others answers, whatever it says; nil if no other is known.
  package func answers(_ client: any HTTPTransport, userAgent: String, deadline: Deadline) -> Bool? {
    let others = places.filter { $0.host != silent?.host }
    if others.isEmpty { return nil }
    return others.indices.reversed().contains { index in
      let end = Deadline.after(seconds: deadline.secondsLeft / Double(index + 1))
      var request = HTTPRequest(.head, "\(others[index].scheme)://\(others[index].hostAndPort)/", deadline: end)
      request.userAgent = userAgent
      return (try? client.perform(request)) != nil
    }
  }
}
