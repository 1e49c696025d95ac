/// The cookies of one job. They are sent only to the host that set them, whatever their attributes allow (RFC 6265).
struct CookieJar {
  private struct Cookie {
    let host: String
    let name: String
    let value: String
    /// Set over https, and therefore never sent over http.
    let isSecure: Bool
  }

  private var cookies: [Cookie] = []

  /// Browsers keep 50 cookies of a host, of 4 KiB each.
  private static let maximumCount = 50
  private static let maximumBytes = 4096

  /// - Parameter fields: the values of the `Set-Cookie` fields of an answer from `url`.
  mutating func take(_ fields: [String], from url: SourceURL) {
    for field in fields {
      let pair = field.utf8.prefix { $0 != UInt8(ascii: ";") }
      guard let equals = pair.firstIndex(of: UInt8(ascii: "=")), pair.count <= Self.maximumBytes,
        pair.allSatisfy({ $0 >= 0x20 && $0 != 0x7f })
      else { continue }
      let name = String(Substring(pair[..<equals].trimmed()))
      cookies.removeAll { $0.host == url.host && $0.name == name }
      guard !name.isEmpty, cookies.count < Self.maximumCount else { continue }
      let value = String(Substring(pair[equals...].dropFirst().trimmed()))
      cookies.append(Cookie(host: url.host, name: name, value: value, isSecure: url.scheme == "https"))
    }
  }

  /// The value of the `Cookie` field for a request to `url`; nil if there are no cookies for it.
  func header(for url: SourceURL) -> String? {
    let sent = cookies.filter { $0.host == url.host && (url.scheme == "https" || !$0.isSecure) }
    return sent.isEmpty ? nil : sent.map { "\($0.name)=\($0.value)" }.joined(separator: "; ")
  }
}
