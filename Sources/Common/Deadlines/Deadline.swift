/// A point on the monotonic clock by which something has to be done.
///
/// Changes of the wall clock do not move it. Time during which the machine is suspended counts.
package struct Deadline: Sendable, Comparable {
  private let instant: ContinuousClock.Instant

  private init(instant: ContinuousClock.Instant) {
    self.instant = instant
  }

  /// A deadline `seconds` from now; one with negative seconds has passed already.
  package static func after(seconds: Double) -> Deadline {
    Deadline(instant: ContinuousClock.now + .seconds(seconds))
  }

  /// The deadline `seconds` before this one.
  package func earlier(by seconds: Double) -> Deadline { Deadline(instant: instant - .seconds(seconds)) }

  /// Seconds left; negative once it has passed.
  package var secondsLeft: Double { ContinuousClock.now.duration(to: instant) / .seconds(1) }

  /// Milliseconds left as a poll timeout: never negative, rounded up so that waiting does not spin.
  package var pollMilliseconds: Int {
    let seconds = secondsLeft
    return seconds <= 0 ? 0 : Int((min(seconds, 3600) * 1000).rounded(.up))
  }

  /// Whether ``secondsLeft`` is 0 or less.
  package var hasPassed: Bool { secondsLeft <= 0 }

  package static func < (left: Deadline, right: Deadline) -> Bool { left.instant < right.instant }
}
