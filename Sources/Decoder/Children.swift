internal import CConfinement
internal import Decoding
internal import Glibc

/// The zygote's children: those that run, and the statuses of those that ended before the worker asked.
struct Children {
  private var running: Set<pid_t> = []
  /// The status from waitpid(2).
  private var ended: [pid_t: Int32] = [:]

  mutating func add(_ child: pid_t) {
    running.insert(child)
  }

  /// Waits until the descriptor is readable. A child that exits meanwhile is reaped at once: otherwise it would stay in the process table
  /// until the worker asks for it, which may be hours later.
  mutating func reap(until descriptor: Int32) {
    repeat {
      for child in running { wait(child, WNOHANG) }
    } while !box_await(descriptor)
  }

  /// Kills a child, unless it has exited already.
  ///
  /// - Returns: its status from waitpid(2).
  /// - Throws: `MalformedMessage` if there is no such child.
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
