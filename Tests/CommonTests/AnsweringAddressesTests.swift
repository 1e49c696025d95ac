import Testing

@testable import Transfer

@Suite struct AnsweringAddressesTests {
  @Test(
    "two URLs, and whether they have the same place",
    arguments: [
      ("http://one.example/a", "http://one.example/b?c=//d", true), ("http://one.example/", "http://one.example:81/", false),
      ("http://one.example/", "http://two.example/", false),
      (
        "http://one.example/" + String(repeating: "%E3%81%82", count: 1000),
        "http://two.example/" + String(repeating: "%E3%81%82", count: 1000), false
      ),
    ])
  func onlyURLsOfOneHostShareAPlace(one: String, other: String, areSame: Bool) {
    #expect((AnsweringAddresses.place(of: one) == AnsweringAddresses.place(of: other)) == areSame)
  }
}
