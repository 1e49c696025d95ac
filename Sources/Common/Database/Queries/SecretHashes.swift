/// SHA-256 hashes of the handlers' secrets, in hexadecimal, by which the database can tell whether it has the same secrets.
package struct SecretHashes: Sendable {
  /// The hash of `WEBHOOK_SECRET`; nil if it is not set.
  package let webhook: String?
  /// The hash of `SERVICE_ROLE_KEY`; nil if it is not set.
  package let service: String?

  package init(webhook: String?, service: String?) {
    self.webhook = webhook
    self.service = service
  }
}
