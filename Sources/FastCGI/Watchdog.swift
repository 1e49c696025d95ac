internal import Glibc

/// Ends a process that overran its deadline and no longer checks it: the supervisor starts another one, the lease ends by
/// itself, and the next worker takes the row. `SIGALRM` kills by default, whatever library the process hangs in.
enum Watchdog {
  static func start(seconds: Double) {
    alarm(UInt32(seconds.rounded(.up)))
  }

  static func stop() {
    alarm(0)
  }
}
