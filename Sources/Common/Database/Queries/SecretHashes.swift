/// SHA-256 of the handlers' secrets, in hexadecimal: enough for the database to tell whether it knows the same.
package struct SecretHashes: Sendable {
  /// Of `WEBHOOK_SECRET`; nil where it is not set.
  package let webhook: String?
  /// Of `SERVICE_ROLE_KEY`; nil where it is not set.
  package let service: String?

  package init(webhook: String?, service: String?) {
    self.webhook = webhook
    self.service = service
  }
}
