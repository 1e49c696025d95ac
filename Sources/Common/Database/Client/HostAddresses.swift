internal import Glibc

/// The addresses of a name (getaddrinfo(3)).
enum HostAddresses {
  /// In the order in which libpq tries them; empty if the name cannot be looked up.
  static func of(_ name: String) -> [String] {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard unsafe getaddrinfo(name, nil, &hints, &list) == 0 else { return [] }
    defer { unsafe freeaddrinfo(list) }
    var found: [String] = []
    var next = unsafe list
    while let entry = unsafe next?.pointee {
      var text = [UInt8](repeating: 0, count: Int(NI_MAXHOST))
      let code = unsafe text.withUnsafeMutableBytes {
        unsafe getnameinfo(
          entry.ai_addr, entry.ai_addrlen, $0.baseAddress!.assumingMemoryBound(to: CChar.self), socklen_t($0.count), nil, 0,
          NI_NUMERICHOST)
      }
      if code == 0 { found.append(String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)) }
      unsafe next = entry.ai_next
    }
    return found
  }
}
