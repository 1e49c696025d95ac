/// What stands in the way of webhooks that the database sends itself, a sentence each.
struct DeliveryProblems: Error, CustomStringConvertible {
  let sentences: [String]

  var description: String { sentences.joined(separator: "; ") }
}
