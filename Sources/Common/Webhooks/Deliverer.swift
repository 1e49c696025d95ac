package import Database
package import DatabaseClient
internal import Deadlines
package import Logging
internal import Settings
internal import Transfer

/// Posts due webhooks to auto-generate-thumbnail, several at once, and settles each by its reply: the outbox protocol.
///
/// A fast handler is kept busy by leasing some webhooks ahead and settling in batches: one statement for many posts, sent while
/// the next are under way.
package final class Deliverer {
  private let queries: WebhookQueries
  private let settings: DeliverySettings
  private let logger: Logger
  private let url: String
  private let headers: [(String, String)]
  private let exchanges = ParallelExchanges<LeasedWebhook>()
  private var lookahead: Lookahead
  /// Leased, waiting for room; of no use after `leaseEnd`, when other deliverers may take them.
  private var leased: [LeasedWebhook] = []
  private var leaseEnd = Deadline.after(seconds: 0)
  /// Answered, not yet written down.
  private var answered: [(webhook: LeasedWebhook, as: Settlement)] = []
  /// Whether the database has been sent a turn whose result is still to be taken.
  private var isTurning = false
  private var isClosed = false

  /// How long an answer may wait for others before it is settled, in seconds.
  private static let settleSeconds = 0.01

  /// - Parameter respondsAsync: whether the handler is asked to answer as soon as it has claimed the row.
  package init(_ queries: WebhookQueries, settings: DeliverySettings, respondsAsync: Bool, logger: Logger) {
    self.queries = queries
    self.settings = settings
    self.logger = logger
    url = "\(settings.handlersURL)/functions/v1/auto-generate-thumbnail"
    headers =
      [("Content-Type", "application/json"), ("Authorization", "Bearer \(settings.bearer.exposed)")]
      + (respondsAsync ? [("Prefer", "respond-async")] : [])
    lookahead = Lookahead(concurrency: settings.concurrency)
  }

  /// How many posts are under way.
  package var inFlight: Int { exchanges.count }
  package var hasRoom: Bool { exchanges.count + leased.count < settings.concurrency }

  /// Leases as many due webhooks as there is room for, a few more where they are answered quickly, and starts posting them.
  /// The database session is free afterwards.
  ///
  /// - Returns: how many were leased.
  package func startDue() throws(DatabaseError) -> Int {
    let ahead = try finishTurn()
    startLeased()
    guard hasRoom else { return ahead }
    try beginTurn(room: settings.concurrency - exchanges.count)
    return try ahead + finishTurn()
  }

  /// Waits until a post ends or `descriptor` is readable, at most `seconds`, and settles what ended.
  ///
  /// - Returns: how many ended.
  package func settleFinished(waiting seconds: Double, orReadable descriptor: Int? = nil) -> Int {
    var finished = exchanges.wait(
      seconds: answered.isEmpty ? seconds : min(seconds, Self.settleSeconds),
      orReadable: isTurning ? queries.turnSocket : descriptor, next: nextLeased)
    if isTurning && queries.isTurnFinished { orWarn(finishTurn) }
    if finished.isEmpty && !answered.isEmpty && !isTurning {
      orWarn(settleAnswered)
      if seconds > Self.settleSeconds {
        finished = exchanges.wait(seconds: seconds - Self.settleSeconds, orReadable: descriptor, next: nextLeased)
      }
    }
    lookahead.ended(finished.count)
    for (webhook, result) in finished {
      log(webhook, result)
      answered.append((webhook, DeliveryReply.settlement(result)))
    }
    startLeased()
    // While the last of those leased ahead are posted, the database finds the next.
    if !isTurning && !leased.isEmpty && leased.count <= lookahead.last / 2 {
      orWarn { () throws(DatabaseError) in try beginTurn(room: 0) }
    }
    return finished.count
  }

  /// Takes the result of what was sent to the database, so that the session can run something else.
  package func freeSession() throws(DatabaseError) { _ = try finishTurn() }

  /// Starts nothing any more: gives back, due at once, what was leased and not posted, waits up to `graceSeconds` for what is under
  /// way, and settles it.
  package func close(graceSeconds: Double) {
    isClosed = true
    orWarn(finishTurn)
    answered += leased.map { ($0, .later(seconds: 0)) }
    leased = []
    orWarn(settleAnswered)
    let end = Deadline.after(seconds: graceSeconds)
    while inFlight > 0 && !end.hasPassed { _ = settleFinished(waiting: min(0.2, max(0, end.secondsLeft))) }
    orWarn(settleAnswered)
  }

  /// What is not settled is posted again when its lease in the outbox has ended, which does no harm.
  private func orWarn<Result>(_ operation: () throws(DatabaseError) -> Result) {
    do {
      _ = try operation()
    } catch {
      logger.warning("deliveries could not be settled", [.error: .foreign(error.debugDescription)])
    }
  }

  private func startLeased() {
    var starting: [(request: HTTPRequest, tag: LeasedWebhook)] = []
    while exchanges.count + starting.count < settings.concurrency, let next = nextLeased() { starting.append(next) }
    exchanges.start(starting)
  }

  /// What is to be posted next of that which is leased ahead; `nil` where nothing is.
  private func nextLeased() -> (request: HTTPRequest, tag: LeasedWebhook)? {
    if leased.isEmpty || isClosed { return nil }
    if leaseEnd.hasPassed {
      leased = []
      return nil
    }
    let webhook = leased.removeFirst()
    return (request(for: webhook), webhook)
  }

  private func settleAnswered() throws(DatabaseError) {
    if answered.isEmpty { return }
    let settling = answered
    answered = []
    _ = try queries.turn(settling: settling, leasing: 0, leaseSeconds: settings.leaseSeconds)
  }

  /// Sends what has been answered to the database and asks for what is due.
  private func beginTurn(room: Int) throws(DatabaseError) {
    let settling = answered
    answered = []
    try queries.beginTurn(settling: settling, leasing: room + lookahead.count(), leaseSeconds: settings.leaseSeconds)
    isTurning = true
  }

  /// - Returns: how many were leased by the turn that was begun; 0 where none was.
  private func finishTurn() throws(DatabaseError) -> Int {
    if !isTurning { return 0 }
    isTurning = false
    let due = try queries.finishTurn()
    // Half of it: what is posted late in its lease would be leased by another meanwhile.
    if !due.isEmpty { leaseEnd = .after(seconds: settings.leaseSeconds / 2) }
    leased += due
    startLeased()
    return due.count
  }

  private func request(for webhook: LeasedWebhook) -> HTTPRequest {
    var request = HTTPRequest(.post, url, deadline: .after(seconds: settings.postSeconds))
    request.headers = headers
    request.body = Array("{\"videoId\":\"\(webhook.videoID)\"}".utf8)
    request.connectSeconds = 3
    return request
  }

  private func log(_ webhook: LeasedWebhook, _ result: Result<HTTPResponse, any Error>) {
    switch result {
    case .success(let response):
      logger.info("delivered", [.videoID: .text(webhook.videoID), .status: .integer(response.status)])
    case .failure(let error):
      logger.warning("not delivered", [.videoID: .text(webhook.videoID), .error: .foreign("\(error)")])
    }
  }
}
