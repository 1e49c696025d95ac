// For `stdout`, a variable of C.
@unsafe @preconcurrency internal import Glibc

extension StandardOptions {
  /// Ends the process with this status, or with 1 and a word on standard error if what it has printed could not be written: a full disk, a
  /// reader that is gone.
  package func finish(_ status: Int32) -> Never {
    guard unsafe fflush(stdout) == 0 && ferror(stdout) == 0 else {
      StandardError.write("\(name): standard output cannot be written\n")
      exit(1)
    }
    exit(status)
  }
}
