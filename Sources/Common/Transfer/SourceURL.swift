internal import CLibCurl
internal import Failures

/// A URL that libcurl has parsed (`curl_url`), so that the URL that is checked is the one that is fetched.
package struct SourceURL: Sendable, Equatable {
  /// The whole URL as libcurl understands it, in ASCII: blanks, quotes and other characters are escaped, and the host is in its IDNA form.
  package let text: String
  /// `http` or `https`.
  package let scheme: String
  /// In lower case and ASCII; IPv6 without brackets.
  package let host: String
  /// The scheme's default, 80 or 443, if the URL has none.
  package let port: Int

  private static let longest = 8192

  /// - Parameter text: as people paste it. Blanks and line ends around it are ignored.
  /// - Throws: `forbidden` if it is not a plain `http` or `https` URL.
  package init(_ text: String) throws(SourceError) {
    try self.init(base: nil, text)
  }

  /// The target of a redirect, which may be relative.
  package func redirect(to location: String) throws(SourceError) -> SourceURL {
    try SourceURL(base: self.text, location)
  }

  /// The form of `SOURCE_PRIVATE_HOSTS`: IPv6 in brackets, always with a port.
  package var hostAndPort: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

  /// A host with or without a port, as in settings; nil for anything else.
  init?(authority: String) {
    guard !authority.contains(where: { "/\\?#*".contains($0) }), let url = try? SourceURL("http://\(authority)/") else {
      return nil
    }
    self = url
  }

  private init(base: String?, _ given: String) throws(SourceError) {
    let what = base == nil ? "the video URL" : "the URL a redirect leads to"
    func refusal(_ reason: String) -> SourceError { SourceError(.forbidden, "\(what) \(reason)") }

    let text = Self.escaped(Self.trimmed(given))
    guard !text.isEmpty else { throw refusal("is blank") }
    // About these, libcurl only says that slashes are missing. A `blob:` URL names a file of one browser, which no server has.
    if ["blob:", "data:"].contains(text.prefix(5).lowercased()) {
      throw SourceError(.forbidden, "only http and https URLs are fetched, not \(text.prefix(5).lowercased())")
    }
    guard text.utf8.count <= Self.longest else { throw refusal("is longer than \(Self.longest) bytes") }
    guard !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else { throw refusal("holds a control character") }
    guard base != nil || text.contains("://") else { throw refusal("does not begin with http:// or https://") }
    guard GlobalCurl.isReady, let handle = unsafe curl_url() else { throw refusal("cannot be parsed") }
    defer { unsafe curl_url_cleanup(handle) }
    if let base { unsafe _ = curl_url_set(handle, CURLUPART_URL, base, 0) }
    let code = unsafe curl_url_set(handle, CURLUPART_URL, text, UInt32(CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE))
    guard code == CURLUE_OK else { throw refusal("is malformed: \(Self.reason(code))") }
    var failed = CURLUE_OK
    func part(_ part: CURLUPart, _ flags: Int32 = 0) -> String? {
      var value: UnsafeMutablePointer<CChar>?
      let code = unsafe curl_url_get(handle, part, &value, UInt32(flags))
      guard code == CURLUE_OK, let found = unsafe value else {
        failed = code
        return nil
      }
      defer { unsafe curl_free(found) }
      return unsafe String(cString: found)
    }
    scheme = part(CURLUPART_SCHEME)?.lowercased() ?? ""
    guard scheme == "http" || scheme == "https" else {
      throw SourceError(.forbidden, "only http and https URLs are fetched, not \(scheme.prefix(16)):")
    }
    guard part(CURLUPART_USER) == nil, part(CURLUPART_PASSWORD) == nil else { throw refusal("carries credentials") }
    // A fragment is for the client and is never sent.
    unsafe _ = curl_url_set(handle, CURLUPART_FRAGMENT, nil, 0)
    guard let host = part(CURLUPART_HOST, CURLU_PUNYCODE), !host.isEmpty,
      let port = part(CURLUPART_PORT, CURLU_DEFAULT_PORT).flatMap({ Int($0) }),
      let whole = part(CURLUPART_URL, CURLU_PUNYCODE)
    else { throw refusal("names no host that can be looked up: \(Self.reason(failed))") }
    self.host = host.lowercased().trimmingBrackets()
    self.port = port
    self.text = whole
  }

  private static func trimmed(_ text: String) -> Substring {
    let isBlank: (Character) -> Bool = { $0.isWhitespace || $0 == "\u{feff}" }
    let start = text[...].drop(while: isBlank)
    return start.lastIndex { !isBlank($0) }.map { start[...$0] } ?? ""
  }

  /// Escapes characters that are not allowed in URLs (RFC 3986, 2), as browsers do. libcurl escapes only what is not ASCII. Before the
  /// query, a backslash is a slash to browsers.
  private static func escaped(_ text: Substring) -> String {
    var isPath = true
    return text.unicodeScalars.reduce(into: "") { result, scalar in
      isPath = isPath && scalar != "?" && scalar != "#"
      if isPath, scalar == "\\" {
        result += "/"
      } else if " \"<>\\^`{|}".unicodeScalars.contains(scalar) {
        result += UInt8(scalar.value).percentEncoded
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
  }

  /// `curl_url_strerror`'s sentence, as a part of longer ones.
  private static func reason(_ code: CURLUcode) -> String {
    guard let text = unsafe curl_url_strerror(code) else { return "code \(code.rawValue)" }
    return unsafe String(cString: text).inSentence
  }
}

extension String {
  fileprivate func trimmingBrackets() -> String {
    hasPrefix("[") && hasSuffix("]") ? String(dropFirst().dropLast()) : self
  }
}
