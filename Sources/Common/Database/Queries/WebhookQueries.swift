package import DatabaseClient

/// The outbox's operations, one SQL function each (migration 026).
package struct WebhookQueries {
  private let session: Session

  package init(_ session: Session) {
    self.session = session
  }

  /// Takes up to `limit` due webhooks for `leaseSeconds`, oldest first.
  package func lease(limit: Int, leaseSeconds: Double) throws(DatabaseError) -> [LeasedWebhook] {
    try session.run(
      "SELECT video_id, version FROM thumbnails.lease_webhooks(\(limit)::integer, \(leaseSeconds)::float8)"
    ).compactMap { row in
      guard let id = row.text("video_id"), let version = row.integer64("version") else { return nil }
      return LeasedWebhook(videoID: id, version: version)
    }
  }

  /// Records what became of a delivery; does nothing where the row has been announced anew since.
  package func settle(_ webhook: LeasedWebhook, as settlement: Settlement) throws(DatabaseError) {
    _ = try session.run(
      """
      SELECT thumbnails.settle_webhook(\(webhook.videoID)::uuid, \(webhook.version)::bigint, \(settlement.isDone)::boolean,
                                       \(settlement.delaySeconds)::float8)
      """)
  }

  /// Announces due rows that have no webhook row.
  ///
  /// - Returns: how many there were.
  package func recoverDue(limit: Int) throws(DatabaseError) -> Int {
    try session.run("SELECT thumbnails.recover_due(\(limit)::integer) AS found").first?.integer("found") ?? 0
  }
}
