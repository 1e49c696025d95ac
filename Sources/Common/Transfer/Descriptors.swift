internal import Glibc

/// Of what this process may have open. Who cannot open a file may say that it is not there, and libraries do.
enum Descriptors {
  /// What looking up a name takes, with some to spare.
  private static let few = 4

  /// Whether a few are left.
  static var areLeft: Bool {
    var opened: [Int32] = []
    defer { for descriptor in opened { close(descriptor) } }
    while opened.count < few {
      let descriptor = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
      if descriptor < 0 { return ![EMFILE, ENFILE].contains(errno) }
      opened.append(descriptor)
    }
    return true
  }
}
