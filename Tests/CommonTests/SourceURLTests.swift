import Failures
import Settings
import Testing

@testable import Transfer

@Suite struct SourceURLTests {
  @Test(
    "as curl and browsers take them",
    arguments: [
      ("http://example.com/v.mp4", "http://example.com/v.mp4"), (" http://example.com/v.mp4\r\n", "http://example.com/v.mp4"),
      ("\u{feff}http://example.com/v.mp4\u{a0}", "http://example.com/v.mp4"),
      ("http://example.com/a b.mp4?x=a b", "http://example.com/a%20b.mp4?x=a%20b"),
      ("http://example.com/a%20b+c%2Fd.mp4?Sig=ab+cd/ef==", "http://example.com/a%20b+c%2Fd.mp4?Sig=ab+cd/ef=="),
      ("http://example.com/v.mp4#t=10", "http://example.com/v.mp4"), ("HTTP://EXAMPLE.com/V.mp4", "http://EXAMPLE.com/V.mp4"),
      ("http://bücher.example/v.mp4", "http://xn--bcher-kva.example/v.mp4"),
      ("https://视频.example/v.mp4", "https://xn--cy2a840a.example/v.mp4"),
      ("http://example.com:8080/v.mp4", "http://example.com:8080/v.mp4"),
      ("http://example.com/a\"b<c>d^f`g{h|i}.mp4", "http://example.com/a%22b%3Cc%3Ed%5Ef%60g%7Bh%7Ci%7D.mp4"),
      ("http://example.com\\a\\b.mp4?c\\d", "http://example.com/a/b.mp4?c%5Cd"),
      ("http://elsewhere.example\\@example.com/", "http://elsewhere.example/@example.com/"),
    ])
  func taken(given: String, text: String) throws { #expect(try SourceURL(given).text == text) }

  @Test func escapesLetters() throws {
    #expect(try SourceURL("http://example.com/视.mp4").text.lowercased() == "http://example.com/%e8%a7%86.mp4")
  }

  @Test(
    "each fault says what is wrong",
    arguments: [
      ("", "is blank"), (" \n", "is blank"), ("example.com/v.mp4", "does not begin with http"),
      ("//example.com/v.mp4", "does not begin with http"), ("nonsense", "does not begin with http"),
      ("http://exa\tmple.com/", "control character"), ("http://example.com/\u{1}", "control character"),
      ("http://example.com:99999/", "port"),
      ("http://[::1/", "IPv6"), ("http://exa mple.com/", "hostname"),
      ("ftp://example.com/v.mp4", "only http and https URLs are fetched, not ftp:"),
      ("file:///etc/passwd", "only http and https URLs are fetched, not file:"),
      ("blob:https://example.com/5f0c", "only http and https URLs are fetched, not blob:"),
      ("data:video/mp4;base64,AAAA", "only http and https URLs are fetched, not data:"),
      ("http://me:secret@example.com/", "carries credentials"),
      ("http://" + String(repeating: "a", count: 9000), "longer than 8192"),
    ])
  func refused(given: String, words: String) {
    let error = #expect(throws: SourceError.self) { try SourceURL(given) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    #expect(error?.failureClass == .forbidden)
    #expect(error?.description.contains("secret") == false)
  }

  @Test(
    "where redirects lead",
    arguments: [
      ("b.mp4", "http://example.com/a/b.mp4"), ("/b.mp4", "http://example.com/b.mp4"),
      ("//other.example/b", "http://other.example/b"),
      ("?x=1", "http://example.com/a/v.mp4?x=1"), ("\\b.mp4", "http://example.com/b.mp4"), ("../c", "http://example.com/c"),
      (" /b \t", "http://example.com/b"),
      ("https://o.example", "https://o.example/"),
    ])
  func redirects(location: String, text: String) throws {
    #expect(try SourceURL("http://example.com/a/v.mp4?k=v").redirect(to: location).text == text)
  }

  @Test func hostsAreComparedInOneForm() throws {
    var reader = SettingsReader(Environment(["SOURCE_ALLOWED_HOSTS": "Bücher.example, xn--cy2a840a.example,10.0.0.1"]))
    let hosts = SourceSettings(&reader).allowedHosts
    #expect(hosts.contains(try SourceURL("http://BÜCHER.example/").host))
    #expect(hosts.contains(try SourceURL("http://视频.example/").host))
    #expect(hosts.contains("10.0.0.1"))
  }

  @Test(
    "hosts in settings that no URL could match are said to be wrong",
    arguments: [
      ("SOURCE_ALLOWED_HOSTS", "https://videos.example.com", false), ("SOURCE_ALLOWED_HOSTS", "videos.example.com/", false),
      ("SOURCE_ALLOWED_HOSTS", "*.example.com", false), ("SOURCE_ALLOWED_HOSTS", "videos.example.com\\a", false),
      ("SOURCE_ALLOWED_HOSTS", "videos.example.com:443", false),
      ("SOURCE_ALLOWED_HOSTS", "videos.example.com:80", false), ("SOURCE_ALLOWED_HOSTS", "user@videos.example.com", false),
      ("SOURCE_ALLOWED_HOSTS", "::1", true), ("SOURCE_ALLOWED_HOSTS", "[::1]", true),
      ("SOURCE_ALLOWED_HOSTS", "2001:db8::80", true),
      ("SOURCE_ALLOWED_HOSTS", "2001:db8::443", true), ("SOURCE_ALLOWED_HOSTS", "[::1]:443", false),
      ("SOURCE_ALLOWED_HOSTS", "a.example.", true),
      ("SOURCE_PRIVATE_HOSTS", "http://10.0.0.5:9000", false), ("SOURCE_PRIVATE_HOSTS", "10.0.0.5:9000/", false),
      ("SOURCE_PRIVATE_HOSTS", "10.0.0.5", false), ("SOURCE_PRIVATE_HOSTS", "10.0.0.5:99999", false),
      ("SOURCE_PRIVATE_HOSTS", "::1:9000", false), ("SOURCE_PRIVATE_HOSTS", "[::1]:9000", true),
      ("SOURCE_PRIVATE_HOSTS", "Bücher.example:80", true),
    ])
  func hostsOfSettings(name: String, value: String, isUsable: Bool) throws {
    var reader = SettingsReader(Environment([name: value]))
    let settings = SourceSettings(&reader)
    let urls = settings.allowedHosts.map { $0.contains(":") ? "[\($0)]" : $0 } + settings.privateHosts
    #expect(urls.count == (isUsable ? 1 : 0))
    // As a URL with that host is compared.
    for text in urls {
      let url = try SourceURL("http://\(text)/")
      #expect(settings.allowedHosts.contains(url.host) || settings.privateHosts.contains(url.hostAndPort))
    }
    if isUsable {
      try reader.finish()
    } else {
      let error = #expect(throws: SettingsError.self) { try reader.finish() }
      #expect(error?.problems.first?.hasPrefix("\(name) names \"\(value)\"") == true)
    }
  }

  @Test func hosts() throws {
    let url = try SourceURL("https://Example.com/a.mp4?signature=hidden")
    #expect(url.host == "example.com")
    #expect(url.port == 443)
  }
}
