package import Database
package import DatabaseClient
internal import Deadlines
package import Logging
internal import Settings
internal import Transfer

/// Posts what is due to auto-generate-thumbnail, several at once. The queue keeps what is due; a post only wakes a worker, and one that is
/// lost, late or doubled changes nothing.
///
/// A fast handler is kept busy by asking for some ids ahead, which are posted while the next are looked up.
package final class Deliverer {
  private let queue: QueueQueries
  private let settings: DeliverySettings
  private let logger: Logger
  private let url: String
  private let headers: [(String, String)]
  private let exchanges = ParallelExchanges<Int>()
  private var lookahead: Lookahead
  private var pace: DeliveryPace
  /// Of each post under way the id of its video, and until when its worker is believed to be there.
  private var underWay: [Int: (videoID: String, end: Deadline)] = [:]
  private var lastPost = 0
  /// Known to be due, waiting for room; of no use after `aheadEnd`.
  private var ahead: [String] = []
  private var aheadEnd = Deadline.after(seconds: 0)
  private var isClosed = false

  /// How long what was due is believed to be due, in seconds.
  private static let aheadSeconds = 1.0

  /// - Parameter respondsAsync: whether the handler is asked to answer as soon as it has claimed the row.
  package init(_ queue: QueueQueries, settings: DeliverySettings, respondsAsync: Bool, logger: Logger) {
    self.queue = queue
    self.settings = settings
    self.logger = logger
    url = "\(settings.handlersURL)/functions/v1/auto-generate-thumbnail"
    headers =
      [("Content-Type", "application/json"), ("Authorization", "Bearer \(settings.bearer.exposed)")]
      + (respondsAsync ? [("Prefer", "respond-async")] : [])
    lookahead = Lookahead(concurrency: settings.concurrency)
    pace = DeliveryPace(concurrency: settings.concurrency)
  }

  /// How many posts are under way.
  package var inFlight: Int { exchanges.count }
  /// Whether something more could be posted now.
  package var hasRoom: Bool { busy < pace.room && exchanges.count < settings.concurrency * Self.hangingRounds }

  /// Posts whose workers are believed to be there: one that hangs keeps no room from the others.
  private var busy: Int { underWay.values.count { !$0.end.hasPassed } }

  /// So many times as many posts as are wanted may be under way, hanging ones included.
  private static let hangingRounds = 4

  /// Asks for as many ids as there is room for, a few more where posts are answered quickly, and starts posting them.
  ///
  /// - Returns: how many were started.
  package func startDue() throws(DatabaseError) -> Int {
    let before = exchanges.count
    startAhead()
    if hasRoom && !isClosed {
      let limit = pace.room - busy + lookahead.count()
      let known = underWay.values.filter { !$0.end.hasPassed }.map(\.videoID)
      ahead = try queue.due(limit: limit, except: known + pace.resting())
      aheadEnd = .after(seconds: Self.aheadSeconds)
      startAhead()
    }
    return exchanges.count - before
  }

  /// Waits until a post ends or `descriptor` is readable, at most `seconds`.
  ///
  /// - Returns: how many ended.
  package func settleFinished(waiting seconds: Double, orReadable descriptor: Int? = nil) -> Int {
    let finished = exchanges.wait(seconds: seconds, orReadable: descriptor, next: nextAhead)
    lookahead.ended(finished.count)
    for (post, result) in finished {
      guard let videoID = underWay.removeValue(forKey: post)?.videoID else { continue }
      log(videoID, result)
      pace.record(DeliveryReply(result), for: videoID)
    }
    return finished.count
  }

  /// Starts nothing any more, and waits up to `graceSeconds` for what is under way.
  package func close(graceSeconds: Double) {
    isClosed = true
    ahead = []
    let end = Deadline.after(seconds: graceSeconds)
    while inFlight > 0 && !end.hasPassed { _ = settleFinished(waiting: min(0.2, max(0, end.secondsLeft))) }
  }

  private func startAhead() {
    var starting: [(request: HTTPRequest, tag: Int)] = []
    while hasRoom, let next = nextAhead() { starting.append(next) }
    exchanges.start(starting)
  }

  /// What is to be posted next of that which is known to be due; `nil` where nothing is.
  private func nextAhead() -> (request: HTTPRequest, tag: Int)? {
    if isClosed || aheadEnd.hasPassed || pace.room < settings.concurrency && busy > 0 { ahead = [] }
    if ahead.isEmpty { return nil }
    let videoID = ahead.removeFirst()
    lastPost += 1
    underWay[lastPost] = (videoID, .after(seconds: settings.leaseSeconds))
    return (request(for: videoID), lastPost)
  }

  private func request(for videoID: String) -> HTTPRequest {
    var request = HTTPRequest(.post, url, deadline: .after(seconds: settings.postSeconds))
    request.headers = headers
    request.body = Array("{\"videoId\":\"\(videoID)\"}".utf8)
    request.connectSeconds = 3
    return request
  }

  private func log(_ videoID: String, _ result: Result<HTTPResponse, any Error>) {
    switch result {
    case .success(let response):
      logger.info("delivered", [.videoID: .text(videoID), .status: .integer(response.status)])
    case .failure(let error):
      logger.warning("not delivered", [.videoID: .text(videoID), .error: .foreign("\(error)")])
    }
  }
}
