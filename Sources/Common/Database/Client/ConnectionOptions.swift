internal import CLibPQ

/// The options that libpq read from a connection string, its environment and a service file, by keyword (`host`, `port`).
struct ConnectionOptions {
  private var values: [String: String] = [:]

  /// - Parameter options: libpq's list, which is freed here; nil if libpq could not make one.
  init?(_ options: UnsafeMutablePointer<PQconninfoOption>?) {
    guard let options = unsafe options else { return nil }
    defer { unsafe PQconninfoFree(options) }
    var option = unsafe options
    while let keyword = unsafe option.pointee.keyword {
      if let value = unsafe option.pointee.val { unsafe values[String(cString: keyword)] = String(cString: value) }
      unsafe option += 1
    }
  }

  /// The value, or an empty text if it is not set.
  subscript(_ keyword: String) -> String { values[keyword, default: ""] }
}
