internal import CLibPQ

/// What libpq has read out of a connection string, its environment and a service file, by keyword (`host`, `port`).
struct ConnectionOptions {
  private var values: [String: String] = [:]

  /// - Parameter options: libpq's own list, which is freed; nil where it could make none.
  init?(_ options: UnsafeMutablePointer<PQconninfoOption>?) {
    guard let options = unsafe options else { return nil }
    defer { unsafe PQconninfoFree(options) }
    var option = unsafe options
    while let keyword = unsafe option.pointee.keyword {
      if let value = unsafe option.pointee.val { unsafe values[String(cString: keyword)] = String(cString: value) }
      unsafe option += 1
    }
  }

  /// Empty where it is not set.
  subscript(_ keyword: String) -> String { values[keyword, default: ""] }
}
