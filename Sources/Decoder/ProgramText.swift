internal import CLibraryLoading

/// What a process has mapped of its libraries and cannot change: machine code, constants, symbols.
enum ProgramText {
  /// Lets go of all pages of it; see `library_release_text`.
  static func release() { library_release_text() }
}
