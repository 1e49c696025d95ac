/// Why a request cannot be understood; the text goes into the reply.
struct BadRequest: Error, Equatable {
  let text: String
}

extension ClosedRange<Int> {
  /// As a sentence that refuses a number says it.
  var inWords: String { "\(lowerBound) to \(upperBound)" }
}
