internal import Glibc

/// The processor time of this process.
enum ProcessorSeconds {
  /// All of it so far.
  static var now: Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
