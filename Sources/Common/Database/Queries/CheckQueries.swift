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
             has_function_privilege('thumbnails.claim(uuid, double precision, text, boolean, double precision)', 'execute')
               AS allowed
      """
    ).first
    guard row?.flag("allowed") == true else {
      throw DatabaseError(
        kind: .refused, sqlState: .insufficientPrivilege, detail: "this role may not execute thumbnails.claim")
    }
    return "PostgreSQL \(row?.text("version") ?? "?"), database \(row?.text("name") ?? "?"), role \(row?.text("role") ?? "?")"
  }
}
