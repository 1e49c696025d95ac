internal import CLibCurl

/// Decides which addresses are public: all except IANA's special-purpose blocks (RFC 6890 and its registries).
enum AddressRules {
  /// Whether `text` is a public unicast address, IPv4 or IPv6 in any form that `inet_pton` accepts.
  static func isPublic(_ text: String) -> Bool {
    isPublic(orNil: text) ?? false
  }

  /// Whether `text` is an address, public or not, rather than a name.
  static func isAddress(_ text: String) -> Bool { isPublic(orNil: text) != nil }

  private static func isPublic(orNil text: String) -> Bool? {
    var v4 = in_addr()
    if unsafe inet_pton(AF_INET, text, &v4) == 1 { return isPublicIPv4(UInt32(bigEndian: v4.s_addr)) }
    var v6 = in6_addr()
    if unsafe inet_pton(AF_INET6, text, &v6) == 1 { return unsafe isPublicIPv6(withUnsafeBytes(of: &v6) { unsafe Array($0) }) }
    return nil
  }

  static func isPublic(_ address: UnsafePointer<sockaddr>) -> Bool {
    switch unsafe Int32(address.pointee.sa_family) {
    case AF_INET:
      return unsafe address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
        unsafe isPublicIPv4(UInt32(bigEndian: $0.pointee.sin_addr.s_addr))
      }
    case AF_INET6:
      return unsafe address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { pointer in
        var v6 = unsafe pointer.pointee.sin6_addr
        return isPublicIPv6(unsafe withUnsafeBytes(of: &v6) { unsafe Array($0) })
      }
    default:
      return false
    }
  }

  private static func isPublicIPv4(_ address: UInt32) -> Bool {
    !forbiddenIPv4.contains { block in address >> (32 - block.length) == block.prefix >> (32 - block.length) }
  }

  /// - Parameter bytes: 16, in network order.
  private static func isPublicIPv6(_ bytes: [UInt8]) -> Bool {
    func number(at offset: Int) -> UInt32 {
      bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }
    // An address that embeds an IPv4 address is judged by that one, if it is routed at all.
    if bytes.starts(with: [0x00, 0x64, 0xff, 0x9b]) && bytes[4..<12].allSatisfy({ $0 == 0 }) {
      return isPublicIPv4(number(at: 12))  // NAT64, RFC 6052
    }
    if bytes.starts(with: [0x20, 0x02]) { return isPublicIPv4(number(at: 2)) }  // 6to4, RFC 3056
    if bytes[0..<10].allSatisfy({ $0 == 0 }) && bytes[10] == 0xff && bytes[11] == 0xff {
      return isPublicIPv4(number(at: 12))  // v4-mapped
    }
    // Only 2000::/3 is global unicast. These parts of it are reserved.
    guard bytes[0] & 0xe0 == 0x20 else { return false }
    if bytes.starts(with: [0x20, 0x01, 0x0d, 0xb8]) { return false }  // documentation
    if bytes.starts(with: [0x20, 0x01]) && bytes[2] < 0x02 { return false }  // 2001::/23: Teredo, benchmarking, ORCHID
    if bytes.starts(with: [0x3f, 0xff]) && bytes[2] < 0x10 { return false }  // documentation, RFC 9637
    return true
  }

  private static let forbiddenIPv4: [(prefix: UInt32, length: UInt32)] = [
    (0x0000_0000, 8),  // this network
    (0x0a00_0000, 8),  // private
    (0x6440_0000, 10),  // carrier-grade NAT
    (0x7f00_0000, 8),  // loopback
    (0xa9fe_0000, 16),  // link-local, cloud metadata
    (0xac10_0000, 12),  // private
    (0xc000_0000, 24),  // IETF protocol assignments
    (0xc000_0200, 24),  // documentation
    (0xc058_6300, 24),  // 6to4 relay
    (0xc0a8_0000, 16),  // private
    (0xc612_0000, 15),  // benchmarking
    (0xc633_6400, 24),  // documentation
    (0xcb00_7100, 24),  // documentation
    (0xe000_0000, 4),  // multicast
    (0xf000_0000, 4),  // reserved, broadcast
    (0xa83f_8110, 32),  // 168.63.129.16: a cloud's host agent
  ]
}
