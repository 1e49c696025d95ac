/// One row of a result, its values in PostgreSQL's text form.
package struct Row: Sendable {
  private let values: [String: String]

  package init(values: [String: String]) {
    self.values = values
  }

  /// The text of a column; nil where it is NULL or not in the result.
  package func text(_ column: String) -> String? { values[column] }
  package func integer(_ column: String) -> Int? { values[column].flatMap { Int($0) } }
  package func integer64(_ column: String) -> Int64? { values[column].flatMap { Int64($0) } }
  package func number(_ column: String) -> Double? { values[column].flatMap { Double($0) } }
  package func flag(_ column: String) -> Bool? { values[column].map { $0 == "t" } }
}
