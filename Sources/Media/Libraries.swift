internal import CLibAV
internal import CLibraryLoading

/// Loads FFmpeg's libraries. The program is not linked to them, since it would then start three times as slowly: see `library_loading.h`.
package enum Libraries {
  /// Must be called once, before anything else of this module.
  ///
  /// - Throws: `Missing`.
  package static func load() throws(Missing) {
    var count = 0
    let names = unsafe cav_libraries(&count)
    if let reason = unsafe library_load(names, count) { throw Missing(reason: unsafe String(cString: reason)) }
  }

  /// One of the libraries cannot be loaded.
  package struct Missing: Error {
    /// The dynamic linker's message.
    package let reason: String
  }
}
