package import Failures

/// PostgreSQL could not be reached, broke off, or refused a statement.
package struct DatabaseError: ClassifiedError {
  /// How far a statement came, which decides whether it may be sent again.
  package enum Kind: Sendable {
    /// No connection could be made.
    case unreachable
    /// The connection broke while a statement was under way: whether it took effect is unknown.
    case broken
    /// The client's own deadline passed: as unknown as `broken`.
    case timedOut
    /// The server answered with an error, and nothing was changed; or a function of ours answered what nobody here knows.
    case refused
  }

  /// What the client noticed. ``endsConnection`` and the words for people follow from it.
  package let kind: Kind
  /// The server's code where it gave one.
  package let sqlState: SQLState?
  /// The library's or server's own words, for the log only: they may name hosts and users.
  package let detail: String

  package init(kind: Kind, sqlState: SQLState? = nil, detail: String) {
    self.kind = kind
    self.sqlState = sqlState
    self.detail = detail
  }

  package var failureClass: FailureClass { .database }

  /// Whether the connection is of no further use.
  package var endsConnection: Bool { kind != .refused || (sqlState?.endsConnection ?? false) }

  package var description: String {
    switch kind {
    case .unreachable: "the database cannot be reached"
    case .broken: "the connection to the database broke"
    case .timedOut: "the database did not answer in time"
    case .refused:
      sqlState?.isSetup == true
        ? "the database is not set up for the handlers: apply the migrations and grants"
        : "the database refused a statement (\(sqlState?.rawValue ?? "no code"))"
    }
  }

  package var debugDescription: String {
    let detail = detail.split(separator: "\n").joined(separator: " ")
    return detail.isEmpty ? description : "\(description): \(detail)"
  }
}
