/// What stood in a video's way when it was tried: the platform's own words, for the operator alone.
package struct TrialProblem: Error, CustomStringConvertible {
  let text: String

  package var description: String { text }
}
