internal import CLibAV
internal import CLibraryLoading

/// FFmpeg's libraries, which the program loads itself: linked to it they would take three times as long, see `library_loading.h`.
package enum Libraries {
  /// To be called before anything else of this module, once.
  ///
  /// - Throws: `Missing`.
  package static func load() throws(Missing) {
    var count = 0
    let names = unsafe cav_libraries(&count)
    if let reason = unsafe library_load(names, count) { throw Missing(reason: unsafe String(cString: reason)) }
  }

  /// One of them cannot be loaded.
  package struct Missing: Error {
    /// The dynamic linker's words.
    package let reason: String
  }
}
