import Testing

@testable import Transfer

@Suite struct CookieJarTests {
  private func sent(_ fields: [String], from url: String = "https://origin.example/a", to next: String) throws -> String? {
    var jar = CookieJar()
    jar.take(fields, from: try SourceURL(url))
    return jar.header(for: try SourceURL(next))
  }

  private static func cookies(_ numbers: ClosedRange<Int>) -> [String] { numbers.map { "k\($0)=v" } }
  private static let longest = "k=" + String(repeating: "v", count: 4094)
  private static let kept: [(fields: [String], header: String?)] = [
    (["k=v; Path=/; Secure", "l = w"], "k=v; l=w"), (["k=v", "k=w"], "k=w"), (["k="], "k="), (["k=a=b"], "k=a=b"),
    ([" a b = c d ; Secure"], "a b=c d"),
    (["=v"], nil), (["nonsense"], nil), (["k=v\u{7}"], nil), (["k=v\nHost: other.example"], nil), ([], nil),
    ([longest], longest), ([longest + "v"], nil),
    (cookies(1...60), cookies(1...50).joined(separator: "; ")),
    (cookies(1...50) + ["k1=w"], (cookies(2...50) + ["k1=w"]).joined(separator: "; ")),
  ]

  @Test("what goes back to the host that set it", arguments: kept)
  func sentBack(fields: [String], header: String?) throws {
    #expect(try sent(fields, to: "https://origin.example/b") == header)
  }

  @Test(arguments: ["https://other.example/", "https://sub.origin.example/", "http://origin.example/"])
  func neverSentElsewhereNorInTheClear(url: String) throws {
    #expect(try sent(["k=v; Domain=example"], to: url) == nil)
  }

  @Test func aCookieThatIsSetInTheClearGoesBackEitherWay() throws {
    var jar = CookieJar()
    jar.take(["a=1"], from: try SourceURL("https://example.com/"))
    jar.take(["b=2"], from: try SourceURL("http://example.com/"))
    #expect(jar.header(for: try SourceURL("https://EXAMPLE.com/x")) == "a=1; b=2")
    #expect(jar.header(for: try SourceURL("http://example.com/")) == "b=2")
    // The limit is for both together.
    jar.take(Self.cookies(1...100), from: try SourceURL("http://example.com/"))
    #expect(jar.header(for: try SourceURL("http://example.com/"))?.split(separator: ";").count == 49)
  }
}
