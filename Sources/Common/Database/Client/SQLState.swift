/// The five-character code of a PostgreSQL error (Appendix A of its manual).
package struct SQLState: RawRepresentable, Hashable, Sendable {
  /// Five digits and capital letters; the first two are the class of the error.
  package let rawValue: String

  package init(rawValue: String) {
    self.rawValue = rawValue
  }

  /// The server accepts no writes: it is a standby, or was demoted while connected.
  static let readOnlyTransaction = SQLState(rawValue: "25006")
  /// The server is starting, stopping or recovering.
  static let cannotConnectNow = SQLState(rawValue: "57P03")
  /// The statement calls a function that does not exist: the migrations are missing or older than the program.
  package static let undefinedFunction = SQLState(rawValue: "42883")
  /// The statement names a table that does not exist.
  static let undefinedTable = SQLState(rawValue: "42P01")
  /// The statement names a schema that does not exist: no migration has been applied.
  static let invalidSchema = SQLState(rawValue: "3F000")
  /// The role lacks a grant.
  package static let insufficientPrivilege = SQLState(rawValue: "42501")

  /// A limit of the server's own was reached: NOTIFY while its queue of notifications is full.
  package static let programLimitExceeded = SQLState(rawValue: "54000")

  /// If several hosts refused a connection, the code of the first that is not just starting, or that of a starting one if all are; nil if
  /// none gave a code.
  ///
  /// - Parameter message: libpq's message with codes (`PQERRORS_VERBOSE`): `FATAL:  57P03: the database system is starting up`. Its first
  ///   word is in the server's language.
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

  /// Whether the connection must not be used again: the server is shutting down or was demoted, or the connection broke.
  package var endsConnection: Bool {
    self == .readOnlyTransaction || rawValue.hasPrefix("08") || ["57P01", "57P02", "57P03"].contains(rawValue)
  }

  /// Whether the same statement may succeed at once: a serialization failure, a deadlock, a lock time-out, a cancelled statement.
  var isTransient: Bool { ["40001", "40P01", "55P03", "57014"].contains(rawValue) }

  /// Whether the server lacks resources: its disk is full or faulty, or it has no memory. It may recover in a while.
  var isShortage: Bool { ["531", "532", "533", "58"].contains { rawValue.hasPrefix($0) } }

  /// Whether the migrations are missing or the role lacks a grant, which only the operator can mend.
  var isSetup: Bool {
    [.undefinedFunction, .undefinedTable, .invalidSchema, .insufficientPrivilege].contains(self)
  }
}
