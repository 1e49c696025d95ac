internal import Glibc

/// A core dump would hold secrets, and the addresses of what is private.
package enum CoreDumps {
  /// Forbids core dumps of this process and of those it starts (setrlimit(2)); to be called first.
  ///
  /// The limit is one byte and not none: at none the kernel still starts a program that collects dumps, if `core_pattern` names one; at one byte
  /// it does not. (PR_SET_DUMPABLE would do as well, but takes the process's own files below /proc from whoever runs it.)
  package static func forbid() {
    var limit = rlimit()
    unsafe getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
    // Where no dump was allowed before, one byte cannot be had.
    let most = min(limit.rlim_max, 1)
    limit = rlimit(rlim_cur: most, rlim_max: most)
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
  }
}
