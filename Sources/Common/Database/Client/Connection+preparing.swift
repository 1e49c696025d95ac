internal import CLibPQ
internal import Deadlines
internal import Settings

extension Connection {
  /// Connects to a server that takes writes, unless `target_session_attrs` says which one is wanted, and makes the session ours.
  ///
  /// libpq would believe what was reported when it connected. PgBouncer reports what its server was at first, so that after a promotion
  /// libpq would refuse the new primary for ever.
  static func prepared(_ settings: DatabaseSettings, deadline: Deadline) throws(DatabaseError) -> Connection {
    let isAnyServerWanted =
      Environment.process[targetVariable] != nil
      || settings.connection.flatMap(LibPQ.parse)?[targetKeyword].isEmpty == false
    var made = try Connection(settings, deadline: deadline)
    let hasAlternatives = made.hasAlternatives
    while try !made.prepare(settings, deadline), !isAnyServerWanted {
      let others = made.behind()
      if others.isEmpty { throw noWrites }
      do {
        made = try Connection(settings, behind: others, deadline: deadline)
      } catch {
        let state = error.sqlState ?? noWrites.sqlState
        throw DatabaseError(kind: error.kind, sqlState: state, detail: "\(noWrites.detail)\n\(error.detail)")
      }
    }
    made.hasAlternatives = hasAlternatives
    return made
  }

  /// Overrides what the role or the database sets for other programs: the statements here read again after each lock, have deadlines of
  /// their own, and read views of ours. The server ends a statement before we give it up, so that SQL can keep a result whose write by the
  /// platform's triggers takes too long, and say so.
  ///
  /// - Returns: whether the server takes writes.
  private borrowing func prepare(_ settings: DatabaseSettings, _ deadline: Deadline) throws(DatabaseError) -> Bool {
    let answer = try run(
      """
      SELECT current_setting('transaction_read_only')::boolean AS is_read_only,
             set_config('default_transaction_isolation', 'read committed', false), set_config('lock_timeout', '0', false),
             set_config('statement_timeout', \("\(Int(settings.timeoutSeconds * 800))")::text, false),
             CASE WHEN current_setting('transaction_timeout', true) IS NOT NULL THEN set_config('transaction_timeout', '0', false) END,
             CASE WHEN current_setting('restrict_nonsystem_relation_kind', true) IS NOT NULL
                  THEN set_config('restrict_nonsystem_relation_kind', '', false) END
      """, deadline: deadline)
    return answer.first?.flag("is_read_only") == false
  }

  private static let noWrites = DatabaseError(
    kind: .unreachable, sqlState: .readOnlyTransaction, detail: "session is read-only\(readOnlyReason)")
}
