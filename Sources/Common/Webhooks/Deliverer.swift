package import Database
package import DatabaseClient
internal import Deadlines
package import Logging
internal import Settings
internal import Transfer

/// Posts due webhooks to auto-generate-thumbnail, several at once, and settles each by its reply: the outbox protocol.
package final class Deliverer {
  private let queries: WebhookQueries
  private let settings: DeliverySettings
  private let logger: Logger
  /// Whether the handler is asked to answer as soon as it has claimed the row.
  private let respondsAsync: Bool
  private let exchanges = ParallelExchanges<LeasedWebhook>()

  package init(_ queries: WebhookQueries, settings: DeliverySettings, respondsAsync: Bool, logger: Logger) {
    self.queries = queries
    self.settings = settings
    self.respondsAsync = respondsAsync
    self.logger = logger
  }

  /// How many posts are under way.
  package var inFlight: Int { exchanges.count }
  package var hasRoom: Bool { exchanges.count < settings.concurrency }

  /// Leases as many due webhooks as there is room for and starts posting them.
  ///
  /// - Returns: how many were started.
  package func startDue() throws(DatabaseError) -> Int {
    let room = settings.concurrency - exchanges.count
    guard room > 0 else { return 0 }
    let due = try queries.lease(limit: room, leaseSeconds: settings.leaseSeconds)
    for webhook in due { exchanges.start(request(for: webhook), tag: webhook) }
    return due.count
  }

  /// Waits until a post ends or `descriptor` is readable, at most `seconds`, and settles what ended.
  ///
  /// - Returns: how many ended.
  package func settleFinished(waiting seconds: Double, orReadable descriptor: Int? = nil) -> Int {
    let finished = exchanges.wait(seconds: seconds, orReadable: descriptor)
    for (webhook, result) in finished {
      let settlement = DeliveryReply.settlement(result)
      log(webhook, result)
      do {
        try queries.settle(webhook, as: settlement)
      } catch {
        // The lease of the outbox row ends by itself and it is posted again, which does no harm.
        logger.warning(
          "a delivery could not be settled", [.videoID: .text(webhook.videoID), .error: .foreign(error.debugDescription)])
      }
    }
    return finished.count
  }

  private func request(for webhook: LeasedWebhook) -> HTTPRequest {
    var request = HTTPRequest(
      .post, "\(settings.handlersURL)/functions/v1/auto-generate-thumbnail", deadline: .after(seconds: settings.postSeconds))
    request.headers = [
      ("Content-Type", "application/json"), ("Authorization", "Bearer \(settings.bearer.exposed)"),
    ]
    if respondsAsync { request.headers.append(("Prefer", "respond-async")) }
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
