internal import Glibc

/// A core dump would contain secrets and private URLs.
package enum CoreDumps {
  /// Forbids core dumps of this process and of those that it starts (setrlimit(2)). Must be called first.
  ///
  /// The limit is one byte and not zero: at zero the kernel still starts a program that collects dumps, if `core_pattern` names one; at one
  /// byte it does not. (PR_SET_DUMPABLE would do as well, but then whoever runs the process cannot read its files in /proc.)
  package static func forbid() {
    var limit = rlimit()
    unsafe getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
    // If no dumps were allowed before, the limit stays 0.
    let most = min(limit.rlim_max, 1)
    limit = rlimit(rlim_cur: most, rlim_max: most)
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
  }
}
