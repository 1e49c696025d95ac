/// One row of a result, with its values in PostgreSQL's text form.
package struct Row: Sendable {
  /// By column name. A column that is NULL has no entry.
  let values: [String: String]

  /// The text of a column; nil if it is NULL or not in the result.
  package func text(_ column: String) -> String? { values[column] }
  /// A whole number, `bigint` included; nil if the column is NULL, not in the result, or no such number.
  package func integer(_ column: String) -> Int? { values[column].flatMap { Int($0) } }
  /// A number that may have a fraction (`double precision`, `numeric`); nil as for ``integer(_:)``.
  package func number(_ column: String) -> Double? { values[column].flatMap { Double($0) } }
  /// A `boolean`: true for `t`, false for any other text; nil if the column is NULL or not in the result.
  package func flag(_ column: String) -> Bool? { values[column].map { $0 == "t" } }
}
