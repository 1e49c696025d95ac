internal import DatabaseClient

extension Session {
  /// The text of the column `json` in the only row that a function answers.
  ///
  /// - Throws: `DatabaseError` also if the function answers nothing or NULL.
  func json(_ query: Query) throws(DatabaseError) -> String {
    guard let json = try run(query).first?.text("json") else {
      throw DatabaseError(kind: .refused, detail: "a function answered nothing")
    }
    return json
  }
}
