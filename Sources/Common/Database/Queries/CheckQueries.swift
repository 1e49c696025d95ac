package import DatabaseClient

/// What `--check` asks the database.
package struct CheckQueries {
  private let session: Session

  package init(_ session: Session) {
    self.session = session
  }

  /// Whether the migrations are there and this role may use them.
  ///
  /// - Returns: a sentence for the operator.
  package func describe() throws(DatabaseError) -> String {
    let row = try session.run(
      """
      SELECT current_setting('server_version') AS version, current_database() AS name, current_user AS role,
             has_function_privilege('thumbnails.claim(uuid, double precision, text, boolean, double precision, text)', 'execute')
               AS allowed
      """
    ).first
    guard row?.flag("allowed") == true else {
      throw DatabaseError(
        kind: .refused, sqlState: .insufficientPrivilege, detail: "this role may not execute thumbnails.claim")
    }
    return "PostgreSQL \(row?.text("version") ?? "?"), database \(row?.text("name") ?? "?"), role \(row?.text("role") ?? "?")"
  }

  /// Lets one video go through the triggers, the queue, a claim and its result, in a transaction that is rolled back.
  ///
  /// - Returns: a sentence for the operator.
  /// - Throws: ``TrialProblem`` where something stands in the way; `DatabaseError`.
  package func tryOneVideo() throws -> String {
    if let text = try session.run("SELECT thumbnails.trial() AS problem").first?.text("problem") {
      throw TrialProblem(text: text)
    }
    return "one went through triggers, queue, claim and result, and was rolled back"
  }
}
