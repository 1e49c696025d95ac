/// Thrown by a check: why something does not work, or may not.
package struct CheckProblem: Error, CustomStringConvertible {
  /// Printed by ``CheckReport`` after the name of the check.
  package let description: String

  package init(_ description: String) {
    self.description = description
  }
}
