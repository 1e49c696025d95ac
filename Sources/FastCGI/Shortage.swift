internal import CommandLineTool
internal import Failures
internal import Glibc

/// This host is short of what a worker cannot do without: threads, descriptors.
enum Shortage {
  /// Says so and ends the process, unless `code` is that of a success. The supervisor starts another one later.
  ///
  /// - Parameter code: an errno.
  static func refuse(_ lack: String, _ code: Int32) {
    guard code != 0 else { return }
    StandardError.write("\(lack): \(String(errno: code))\n")
    exit(EX_OSERR)
  }
}
