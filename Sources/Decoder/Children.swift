internal import CConfinement
internal import Decoding
internal import Glibc

/// The zygote's children: those that run, and how those have ended whose end the worker has not asked for yet.
struct Children {
  private var running: Set<pid_t> = []
  /// As waitpid(2) gives it.
  private var ended: [pid_t: Int32] = [:]

  mutating func add(_ child: pid_t) {
    running.insert(child)
  }

  /// Waits until something can be read from the descriptor. A child that ends by itself meanwhile is cleared away: it must not
  /// stay in the process table until the worker asks, which may be hours later.
  mutating func reap(until descriptor: Int32) {
    repeat {
      for child in running { wait(child, WNOHANG) }
    } while !box_await(descriptor)
  }

  /// Ends a child, unless it has ended by itself.
  ///
  /// - Returns: its status, as waitpid(2) gives it.
  /// - Throws: `MalformedMessage` where it is none of ours.
  mutating func end(_ child: pid_t) throws -> Int32 {
    if running.contains(child) {
      kill(child, SIGKILL)
      wait(child, 0)
    }
    guard let status = ended.removeValue(forKey: child) else { throw MalformedMessage("the end of a child that is none") }
    return status
  }

  private mutating func wait(_ child: pid_t, _ options: Int32) {
    var status: Int32 = 0
    var found: pid_t
    repeat { found = unsafe waitpid(child, &status, options) } while found < 0 && errno == EINTR
    guard found == child else { return }
    running.remove(child)
    ended[child] = status
  }
}
