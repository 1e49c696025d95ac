/// Measures elapsed time on the monotonic clock.
package struct Stopwatch: Sendable {
  private var start = ContinuousClock.now

  /// Starts at once.
  package init() {}

  /// Milliseconds since the start or the last `lap()`.
  package var milliseconds: Double {
    let elapsed = start.duration(to: .now).components
    return Double(elapsed.seconds) * 1000 + Double(elapsed.attoseconds) / 1e15
  }

  /// Milliseconds since the last lap, and starts the next one.
  package mutating func lap() -> Double {
    let elapsed = milliseconds
    start = .now
    return elapsed
  }
}
