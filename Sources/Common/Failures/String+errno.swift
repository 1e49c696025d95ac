internal import Glibc

extension String {
  /// The system's sentence for an error number (`strerror`).
  package init(errno code: Int32) { unsafe self.init(cString: strerror(code)) }
}
