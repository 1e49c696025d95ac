import Glibc
import Testing

@testable import Transfer

@Suite struct AddressRulesTests {
  @Test(
    "fault 17: addresses that are not public",
    arguments: [
      "127.0.0.1", "0.0.0.0", "10.1.2.3", "100.64.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.168.1.1",
      "198.18.0.1", "198.51.100.1", "203.0.113.9", "192.0.2.1", "224.0.0.1", "255.255.255.255", "::", "::1", "fe80::1",
      "fc00::1",
      "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001::1",
      "2001:1ff::1", "3fff:fff::1", "1::ffff:8.8.8.8", "::1ff:808:808",
    ])
  func forbidden(address: String) { #expect(!AddressRules.isPublic(address)) }

  @Test(arguments: [
    "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2001:200::1",
    "2a01:111::1", "3fff:1000::1",
  ])
  func allowed(address: String) { #expect(AddressRules.isPublic(address)) }

  @Test(
    "an address as libcurl hands it over",
    arguments: [("2606:4700::1111", true), ("fd00::1", false), ("::1", false), ("::ffff:10.0.0.1", false)])
  func ofASocket(address: String, isPublic: Bool) throws {
    var name = sockaddr_in6()
    name.sin6_family = sa_family_t(AF_INET6)
    try #require(inet_pton(AF_INET6, address, &name.sin6_addr) == 1)
    let found = withUnsafePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { AddressRules.isPublic($0) }
    }
    #expect(found == isPublic)
  }
}
