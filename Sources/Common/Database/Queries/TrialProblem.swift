/// Why a trial video did not get through: the platform's own message, only for the operator.
package struct TrialProblem: Error, CustomStringConvertible {
  let text: String

  package var description: String { text }
}
