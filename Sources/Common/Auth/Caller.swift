/// Who a request comes from, by the secret it showed.
package enum Caller: String, Sendable {
  /// The platform itself: may do everything.
  case service
  /// A cron service: may start the sweep.
  case cron
  /// A webhook: may start work that is due.
  case webhook
}
