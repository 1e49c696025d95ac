package import Failures

/// PostgreSQL could not be reached, the connection broke, or a statement was refused.
package struct DatabaseError: ClassifiedError {
  /// How far a statement came, which decides whether it may be repeated.
  package enum Kind: Sendable {
    /// No connection could be made.
    case unreachable
    /// The connection broke while a statement was running, so it is not known whether it took effect.
    case broken
    /// The client's own deadline passed; the outcome is not known either.
    case timedOut
    /// The server answered with an error and changed nothing, or a function of ours gave an answer that this program does not know.
    case refused
  }

  /// What the client noticed. ``endsConnection`` and the description are derived from it.
  package let kind: Kind
  /// The server's code, if it gave one.
  package let sqlState: SQLState?
  /// The library's or server's message, only for the log: it may name hosts and users.
  package let detail: String

  package init(kind: Kind, sqlState: SQLState? = nil, detail: String) {
    self.kind = kind
    self.sqlState = sqlState
    self.detail = detail
  }

  package var failureClass: FailureClass { .database }

  /// Whether the connection can no longer be used.
  package var endsConnection: Bool { kind != .refused || (sqlState?.endsConnection ?? false) }

  package var description: String { isOfSetup ? "\(summary), or do what --check says" : summary }

  /// As the log and `--check` itself have it, before the server's own message.
  private var summary: String {
    switch kind {
    case .unreachable: "the database cannot be reached"
    case .broken: "the connection to the database broke"
    case .timedOut: "the database did not answer in time"
    case .refused:
      isOfSetup
        ? "the database is not set up for the handlers: apply the migrations and grants"
        : "the database refused a statement (\(sqlState?.rawValue ?? "no code"))"
    }
  }

  package var debugDescription: String {
    let detail = detail.split(separator: "\n").joined(separator: " ")
    return detail.isEmpty ? summary : "\(summary): \(detail)"
  }

  private var isOfSetup: Bool { kind == .refused && sqlState?.isSetup == true }
}
