extension TransferError {
  /// A failure as libcurl tells it.
  ///
  /// - Parameters:
  ///   - words: libcurl's message about it (CURLOPT_ERRORBUFFER); empty if there is none.
  ///   - wasConnected: whether the request could be sent.
  init(_ code: CurlCode, words: String, wasConnected: Bool, partial: HTTPResponse) {
    switch code {
    case .ok: self.init(.broken, "the answer ended within its head")
    case .timedOut where !wasConnected: self.init(.unconnected, "no connection in time")
    case .timedOut, .aborted: self.init(.timedOut, "no answer in time", partial: partial)
    // The scheme was checked before, so the answer is not HTTP.
    case .unsupportedProtocol: self.init(.broken, "the answer is no HTTP", partial: partial)
    case .unknownHost where words.hasPrefix("getaddrinfo() thread failed"):
      self.init(.shortage, "this host has no thread or descriptor left to look up a name")
    case .unknownHost: self.init(.unknownName, "\(code)")
    case .unconnected: self.init(.unreachable, "\(code)")
    case .noTLS, .untrusted: self.init(.unreachable, Self.handshake(words) ?? "\(code)")
    case .unreceived, .unsent: self.init(.broken, Self.alert(words) ?? "\(code)", partial: partial)
    // What we refuse ourselves has been told before.
    case .notCompressed, .unwritten:
      self.init(.broken, "the answer is not compressed in the way it says (Content-Encoding)", partial: partial)
    case .noAuthorities: self.init(.noAuthorities, "\(code)")
    case .malformedURL: self.init(.unusableURL, "\(code)")
    default: self.init(.broken, "\(code)", partial: partial)
    }
  }

  /// Why there is no TLS, as in `SSL certificate problem: certificate has expired`.
  private static func handshake(_ words: String) -> String? {
    // The name of the host may follow in quotes, or as in `OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to example.com:443 `.
    let own = words.firstRange(of: " in connection to ").map { words[..<$0.lowerBound] } ?? words[...]
    guard let reason = own.prefix(while: { $0 != "'" }).split(separator: ":").last?.split(separator: " ").joined(separator: " ")
    else { return nil }
    if ["SSL_ERROR_SYSCALL", "reason(0)"].contains(reason) { return "TLS: the connection was closed" }
    // Nobody serves such a certificate for long.
    return "TLS: \(reason)\(reason.hasSuffix("not yet valid") ? " (is this host's clock behind?)" : "")"
  }

  /// In TLS 1.3 a refusal may come after the handshake, as in
  /// `OpenSSL SSL_read: error:0A00045C:SSL routines::tlsv13 alert certificate required, …`.
  private static func alert(_ words: String) -> String? {
    guard words.hasPrefix("OpenSSL SSL_") else { return nil }
    return words.split(separator: ":").dropFirst(3).last.map { "TLS: \($0.prefix { $0 != "," })" }
  }
}
