/// The five-character code of a PostgreSQL error (Appendix A of its manual).
package struct SQLState: RawRepresentable, Hashable, Sendable {
  /// Five characters, digits and capital letters; the first two are the class of the error.
  package let rawValue: String

  package init(rawValue: String) {
    self.rawValue = rawValue
  }

  /// The server takes no writes: a standby, or one that was demoted while connected.
  static let readOnlyTransaction = SQLState(rawValue: "25006")
  /// The server starts, stops or recovers.
  static let cannotConnectNow = SQLState(rawValue: "57P03")
  /// A function is called that is not there: the migrations are missing, or older than the program.
  package static let undefinedFunction = SQLState(rawValue: "42883")
  /// A table is named that is not there.
  static let undefinedTable = SQLState(rawValue: "42P01")
  /// A schema is named that is not there: no migration has been applied.
  static let invalidSchema = SQLState(rawValue: "3F000")
  /// The role lacks a grant.
  static let insufficientPrivilege = SQLState(rawValue: "42501")

  /// Of several hosts that refused a connection, the code of the first that is not merely starting; of one that starts where all do;
  /// nil where none gave a code.
  ///
  /// - Parameter message: libpq's, with codes (`PQERRORS_VERBOSE`): `FATAL:  57P03: the database system is starting up`. The first word is in
  ///   the server's language.
  init?(connectionFailure message: String) {
    // The text before the first is libpq's own.
    let refusals = message.split(separator: ":  ", omittingEmptySubsequences: false).dropFirst()
    let codes = refusals.compactMap { rest -> SQLState? in
      let code = rest.prefix(5)
      let isCode = rest.dropFirst(5).hasPrefix(": ") && code.allSatisfy { ("0"..."9").contains($0) || ("A"..."Z").contains($0) }
      return isCode ? SQLState(rawValue: String(code)) : nil
    }
    guard let found = codes.first(where: { $0 != .cannotConnectNow }) ?? codes.first else { return nil }
    self = found
  }

  /// Whether the connection must not be used again: the server is going away, was demoted, or the link broke.
  package var endsConnection: Bool {
    self == .readOnlyTransaction || rawValue.hasPrefix("08") || ["57P01", "57P02", "57P03"].contains(rawValue)
  }

  /// Whether the very same statement may succeed at once: a serialization failure, a deadlock, a lock not had in time, a statement cancelled.
  var isTransient: Bool { ["40001", "40P01", "55P03", "57014"].contains(rawValue) }

  /// Whether the server is at its end: its disk is full or faulty, it has no memory. It may have room again in a while.
  var isShortage: Bool { ["531", "532", "533", "58"].contains { rawValue.hasPrefix($0) } }

  /// Whether the migrations are missing or the role lacks a grant, which only the operator can change.
  var isSetup: Bool {
    [.undefinedFunction, .undefinedTable, .invalidSchema, .insufficientPrivilege].contains(self)
  }
}
