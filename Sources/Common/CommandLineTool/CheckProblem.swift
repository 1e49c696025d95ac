/// Why something does not work, or may not: what a check throws.
package struct CheckProblem: Error, CustomStringConvertible {
  /// As ``CheckReport`` prints it behind the name of the check.
  package let description: String

  package init(_ description: String) {
    self.description = description
  }
}
