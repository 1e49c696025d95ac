internal import CLibCurl
internal import Failures

/// A URL that libcurl has parsed (`curl_url`), so that what is checked is what is fetched.
package struct SourceURL: Sendable, Equatable {
  /// The whole URL as libcurl understands it.
  package let text: String
  package let scheme: String
  /// Lower case, IPv6 without brackets.
  package let host: String
  package let port: Int

  /// - Throws: `forbidden` where it is not a plain `http` or `https` URL.
  package init(_ text: String) throws(SourceError) {
    try self.init(base: nil, text)
  }

  /// The target of a redirect, which may be relative.
  package func redirect(to location: String) throws(SourceError) -> SourceURL {
    try SourceURL(base: self.text, location)
  }

  /// Without the query, the fragment and whatever else may be secret: fit for logs and people.
  package var redacted: String {
    String(text.prefix { $0 != "?" && $0 != "#" })
  }

  package var hostAndPort: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

  private init(base: String?, _ text: String) throws(SourceError) {
    guard text.utf8.count <= 8192, !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else {
      throw SourceError(.forbidden, "the video URL is malformed")
    }
    guard let handle = unsafe curl_url() else { throw SourceError(.forbidden, "the video URL cannot be parsed") }
    defer { unsafe curl_url_cleanup(handle) }
    if let base { unsafe _ = curl_url_set(handle, CURLUPART_URL, base, 0) }
    let code = unsafe curl_url_set(handle, CURLUPART_URL, text, UInt32(CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE))
    guard code == CURLUE_OK else { throw SourceError(.forbidden, "the video URL is malformed") }
    func part(_ part: CURLUPart, _ flags: Int32 = 0) -> String? {
      var value: UnsafeMutablePointer<CChar>?
      guard unsafe curl_url_get(handle, part, &value, UInt32(flags)) == CURLUE_OK, let found = unsafe value else { return nil }
      defer { unsafe curl_free(found) }
      return unsafe String(cString: found)
    }
    scheme = part(CURLUPART_SCHEME)?.lowercased() ?? ""
    guard scheme == "http" || scheme == "https" else {
      throw SourceError(.forbidden, "only http and https URLs are fetched, not \(scheme.prefix(16)):")
    }
    guard part(CURLUPART_USER) == nil, part(CURLUPART_PASSWORD) == nil else {
      throw SourceError(.forbidden, "the video URL carries credentials")
    }
    guard let host = part(CURLUPART_HOST), !host.isEmpty,
      let port = part(CURLUPART_PORT, CURLU_DEFAULT_PORT).flatMap({ Int($0) }), let whole = part(CURLUPART_URL)
    else { throw SourceError(.forbidden, "the video URL names no host") }
    self.host = host.lowercased().trimmingBrackets()
    self.port = port
    self.text = whole
  }
}

extension String {
  fileprivate func trimmingBrackets() -> String {
    hasPrefix("[") && hasSuffix("]") ? String(dropFirst().dropLast()) : self
  }
}
