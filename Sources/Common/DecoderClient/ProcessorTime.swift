internal import Glibc

/// The processor time that another process has used.
struct ProcessorTime {
  private let clock: clockid_t?

  init(of process: pid_t) {
    var clock = clockid_t()
    self.clock = unsafe clock_getcpuclockid(process, &clock) == 0 ? clock : nil
  }

  /// In seconds; nil if the process is gone.
  var seconds: Double? {
    var time = timespec()
    guard let clock, unsafe clock_gettime(clock, &time) == 0 else { return nil }
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
