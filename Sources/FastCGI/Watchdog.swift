internal import Glibc
internal import Synchronization

/// Kills a process that has overrun its deadline without checking it: the supervisor starts another one, the lease runs out, and the next
/// worker claims the row. `SIGALRM` kills by default, whatever library the process hangs in. Decoders have their own limits; this is for
/// name resolution, a network disk, and other calls that block without a deadline.
enum Watchdog {
  /// Seconds since `origin` at which the request in hand is overdue; 0 if there is none.
  private static let limit = Atomic<Int64>(0)

  static func start(seconds: Double) {
    alarm(UInt32(seconds.rounded(.up)))
    limit.store(now + Int64(seconds.rounded(.up)), ordering: .relaxed)
  }

  static func stop() {
    alarm(0)
    limit.store(0, ordering: .relaxed)
  }

  /// Whether the process should have been killed by now and was not. The supervisor is then no longer told that it is well.
  static var isOverdue: Bool {
    let limit = limit.load(ordering: .relaxed)
    return limit != 0 && now > limit
  }

  private static let origin = ContinuousClock.now

  /// Whole seconds on a clock that only goes forward; never 0.
  static var now: Int64 { 1 + origin.duration(to: .now).components.seconds }
}
