internal import Glibc

/// The number of threads of another process.
struct ThreadCount {
  private let path: String

  init(of process: pid_t) {
    path = "/proc/\(process)/task"
  }

  /// Nil if the process is gone.
  var count: Int? {
    var facts = stat()
    // Each thread has a folder, and each folder counts as a link.
    return unsafe stat(path, &facts) == 0 ? Int(facts.st_nlink) - 2 : nil
  }
}
