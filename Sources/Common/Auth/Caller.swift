/// Who sent a request, by the secret it presented.
package enum Caller: String, Sendable {
  /// The platform itself, which may do everything.
  case service
  /// A cron service or an operator: may start the sweep, and all that `retry-stuck-thumbnails` does for people.
  case cron
  /// A webhook: may start work that is due.
  case webhook
  /// A person or program that only looks.
  case status

  /// Whether it may do more than look.
  package var mayAct: Bool { self != .status }

  /// The setting that holds its secret.
  package var secretName: String {
    switch self {
    case .service: "SERVICE_ROLE_KEY"
    case .cron: "CRON_SECRET"
    case .webhook: "WEBHOOK_SECRET"
    case .status: "STATUS_SECRET"
    }
  }
}
