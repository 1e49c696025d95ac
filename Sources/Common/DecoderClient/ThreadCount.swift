internal import Glibc

/// How many threads another process has.
struct ThreadCount {
  private let path: String

  init(of process: pid_t) {
    path = "/proc/\(process)/task"
  }

  /// Nil where the process is gone.
  var count: Int? {
    var facts = stat()
    // A folder for each, and so a link from each.
    return unsafe stat(path, &facts) == 0 ? Int(facts.st_nlink) - 2 : nil
  }
}
