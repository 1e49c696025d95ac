package import DatabaseClient

/// The outbox's operations, one SQL function each (migration 026).
package struct WebhookQueries {
  private let session: Session

  package init(_ session: Session) {
    self.session = session
  }

  /// Records what became of deliveries, nothing of one that has been announced anew since, and takes up to `limit` due webhooks
  /// for `leaseSeconds`, oldest first: one statement for both.
  package func turn(settling: [(webhook: LeasedWebhook, as: Settlement)], leasing limit: Int, leaseSeconds: Double)
    throws(DatabaseError) -> [LeasedWebhook]
  {
    try beginTurn(settling: settling, leasing: limit, leaseSeconds: leaseSeconds)
    return try finishTurn()
  }

  /// ``turn(settling:leasing:leaseSeconds:)`` without waiting for its result. Until ``finishTurn()`` nothing else can be run.
  package func beginTurn(settling: [(webhook: LeasedWebhook, as: Settlement)], leasing limit: Int, leaseSeconds: Double)
    throws(DatabaseError)
  {
    let ids: [String?] = settling.map { $0.webhook.videoID }
    let versions: [String?] = settling.map { "\($0.webhook.version)" }
    let done: [String?] = settling.map { $0.as.isDone ? "t" : "f" }
    let delays: [String?] = settling.map { $0.as.delaySeconds.map { "\($0)" } }
    try session.begin(
      """
      SELECT video_id, version
        FROM thumbnails.settle_and_lease_webhooks(\(ids)::uuid[], \(versions)::bigint[], \(done)::boolean[], \(delays)::float8[],
                                                  \(limit)::integer, \(leaseSeconds)::float8)
      """)
  }

  /// Whether ``finishTurn()`` would not wait; ``turnSocket`` is readable before it turns true.
  package var isTurnFinished: Bool { session.isFinished }
  package var turnSocket: Int? { session.socket }

  package func finishTurn() throws(DatabaseError) -> [LeasedWebhook] {
    try session.finish().compactMap { row in
      guard let id = row.text("video_id"), let version = row.integer64("version") else { return nil }
      return LeasedWebhook(videoID: id, version: version)
    }
  }

  /// Announces due rows that have no webhook row.
  ///
  /// - Returns: how many there were.
  package func recoverDue(limit: Int) throws(DatabaseError) -> Int {
    try session.run("SELECT thumbnails.recover_due(\(limit)::integer) AS found").first?.integer("found") ?? 0
  }
}
