internal import DatabaseClient

extension Session {
  /// The text of the one column `json` of the one row a function answers.
  ///
  /// - Throws: also where it answers nothing or NULL.
  func json(_ query: Query) throws(DatabaseError) -> String {
    guard let json = try run(query).first?.text("json") else {
      throw DatabaseError(kind: .refused, detail: "a function answered nothing")
    }
    return json
  }
}
