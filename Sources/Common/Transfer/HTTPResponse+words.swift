extension HTTPResponse {
  /// The text of the first XML element of that name in the body; nil if there is none, or its text cannot be shown.
  package func element(_ name: String) -> String? { text(after: "<\(name)>", until: "<") }

  /// The text of the first JSON member of that name, likewise.
  package func member(_ name: String) -> String? {
    text(after: "\"\(name)\":\"", until: "\"") ?? text(after: "\"\(name)\": \"", until: "\"")
  }

  /// Up to 200 printable ASCII characters.
  private func text(after mark: String, until end: Character) -> String? {
    let text = String(decoding: body.prefix(4096), as: UTF8.self)
    guard let start = text.firstRange(of: mark) else { return nil }
    let value = text[start.upperBound...].prefix { $0 != end }.prefix(200)
    return !value.isEmpty && value.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) ? String(value) : nil
  }
}
