/// What `--check` has found to stand in the way, a sentence each.
struct CheckProblems: Error, CustomStringConvertible {
  let sentences: [String]

  var description: String { sentences.joined(separator: "; ") }
}
