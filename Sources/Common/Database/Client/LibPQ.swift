internal import CLibPQ
internal import CLibraryLoading
internal import Glibc
internal import Settings

/// Loads libpq before its first use.
enum LibPQ {
  private static let isLoaded: Void = unsafe library_require("libpq.so.5")

  /// Begins to connect (`PQconnectStartParams`); nil if there is no memory.
  static func connectStart(_ parameters: [(String, String)]) -> OpaquePointer? {
    isLoaded
    return unsafe withCStrings(parameters.map { $0.0 } + [nil]) { names in
      unsafe withCStrings(parameters.map { $0.1 } + [nil]) { values in
        unsafe PQconnectStartParams(names, values, 1)
      }
    }
  }

  /// Parses a connection string (`PQconninfoParse`); nil if it is not valid.
  static func parse(_ connection: Secret) -> ConnectionOptions? {
    isLoaded
    return unsafe ConnectionOptions(PQconninfoParse(connection.exposed, nil))
  }

  /// Passes an array of C strings to `body`; nil becomes a null pointer.
  static func withCStrings<Result>(_ texts: [String?], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result) -> Result {
    let copies = unsafe texts.map { text in unsafe text.map { unsafe strdup($0)! } }
    defer { for index in unsafe copies.indices { unsafe free(copies[index]) } }
    let pointers = unsafe copies.map { unsafe $0.map { unsafe UnsafePointer<CChar>($0) } }
    return unsafe pointers.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
  }
}
