extension ClosedRange<Int> {
  /// The range as it is written in error messages.
  var inWords: String { "\(lowerBound) to \(upperBound)" }
}
