/// Measures elapsed time on the monotonic clock.
package struct Stopwatch: Sendable {
  private var start = ContinuousClock.now

  package init() {}

  /// Seconds since the start or the last `lap()`.
  package var seconds: Double { start.duration(to: .now) / .seconds(1) }

  package var milliseconds: Double { seconds * 1000 }

  /// Milliseconds since the last lap, and starts the next one.
  package mutating func lap() -> Double {
    let elapsed = milliseconds
    start = .now
    return elapsed
  }
}
