/// The five-character code of a PostgreSQL error (Appendix A of its manual).
package struct SQLState: RawRepresentable, Hashable, Sendable {
  package let rawValue: String

  package init(rawValue: String) {
    self.rawValue = rawValue
  }

  package static let readOnlyTransaction = SQLState(rawValue: "25006")
  package static let lockNotAvailable = SQLState(rawValue: "55P03")
  package static let undefinedFunction = SQLState(rawValue: "42883")
  package static let undefinedTable = SQLState(rawValue: "42P01")
  package static let invalidSchema = SQLState(rawValue: "3F000")
  package static let insufficientPrivilege = SQLState(rawValue: "42501")

  /// Whether the connection must not be used again: the server is going away, was demoted, or the link broke.
  package var endsConnection: Bool {
    self == .readOnlyTransaction || rawValue.hasPrefix("08") || ["57P01", "57P02", "57P03"].contains(rawValue)
  }

  /// Whether the migrations are missing or the role lacks a grant, which only the operator can change.
  package var isSetup: Bool {
    [.undefinedFunction, .undefinedTable, .invalidSchema, .insufficientPrivilege].contains(self)
  }
}
