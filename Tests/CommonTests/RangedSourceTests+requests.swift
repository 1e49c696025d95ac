import Deadlines
import Failures
import Testing

@testable import Transfer

/// What is asked of an origin: how often, which hosts, and with which headers.
extension RangedSourceTests {
  @Test("what is final is asked once", arguments: [400, 401, 403, 404, 410, 451])
  func asksOnce(status: Int) {
    let origin = ScriptedOrigin([]) { $0.refusal(status) }
    #expect(throws: SourceError.self) { try open(origin) }
    #expect(origin.calls.count == 1)
  }

  @Test("what may pass is asked three times", arguments: [202, 408, 425, 429, 500, 502, 503, 504])
  func asksAgain(status: Int) {
    let origin = ScriptedOrigin([]) { $0.refusal(status) }
    #expect(throws: SourceError.self) { try open(origin) }
    #expect(origin.calls.count == 3)
  }

  @Test func theHostOfEveryRequestIsLookedAt() throws {
    let origin = ScriptedOrigin([1]) { $0.redirect("http://other.example/") }
    let error = #expect(throws: SourceError.self) { try open(origin, { $0.allowedHosts = ["origin.example"] }) }
    #expect(error?.description.contains("SOURCE_ALLOWED_HOSTS") == true)
    #expect(origin.calls.count == 1)
  }

  @Test func fromHTTPSDownToHTTPIsRefused() throws {
    let origin = ScriptedOrigin([1]) { $0.redirect("http://origin.example/b") }
    let error = #expect(throws: SourceError.self) { try open(origin, url: "https://origin.example/a") }
    #expect(error?.failureClass == .forbidden)
  }

  @Test func tagsAreNotSentBack() throws {
    let origin = ScriptedOrigin(Self.file(400_000)) { $0.part() }
    _ = try read(open(origin), from: 0)
    #expect(origin.calls.count > 1)
    #expect(origin.calls.allSatisfy { $0.header("If-Range") == nil && $0.header("If-Match") == nil })
  }

  @Test func aCookieGoesToItsHostAlone() throws {
    let origin = ScriptedOrigin(Self.file(400_000)) {
      $0.request.url.contains("origin.example")
        ? $0.redirect("http://other.example/b", [("Set-Cookie", "k=v; Domain=example")])
        : $0.numberOfURL > 1 ? $0.refusal(403) : $0.part()
    }
    #expect(throws: SourceError.self) { try read(open(origin), from: 0) }
    #expect(origin.calls.contains { $0.header("Cookie") == "k=v" })
    #expect(
      origin.calls.allSatisfy { ($0.header("Cookie") != nil) == ($0.request.url.contains("origin.example") && $0.number > 1) })
  }

  @Test func aCookieDiesWithTheJob() throws {
    let origin = ScriptedOrigin([1]) { $0.part(fields: [("Set-Cookie", "k=v")]) }
    _ = try open(origin)
    _ = try open(origin)
    #expect(origin.calls.allSatisfy { $0.header("Cookie") == nil })
  }

  @Test func whatTheOperatorSaysIsSent() throws {
    let origin = ScriptedOrigin([1]) { $0.part() }
    _ = try open(origin, { ($0.referer, $0.userAgent) = ("https://videos.example/", "own/1") })
    #expect(origin.calls[0].header("Referer") == "https://videos.example/")
    #expect(origin.calls[0].request.userAgent == "own/1")
  }

  @Test func anAbsurdLengthIsNone() {
    var head = HTTPResponse()
    head.status = 200
    head.headers.append(Array("Content-Length: \(Int64.max)\r\n".utf8))
    guard case .whole(size: nil) = RangeAnswer(head, asked: nil, isDecoded: false) else {
      Issue.record("it is believed")
      return
    }
  }
}
