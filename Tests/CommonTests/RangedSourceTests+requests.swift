import Deadlines
import Failures
import Testing

@testable import Transfer

/// What is asked of an origin: how often, which hosts, and with which headers.
extension RangedSourceTests {
  @Test("what is final is asked once", arguments: [401, 403, 404, 410, 451])
  func asksOnce(status: Int) {
    let origin = ScriptedOrigin([]) { $0.refusal(status) }
    #expect(throws: SourceError.self) { try open(origin) }
    #expect(origin.calls.count == 1)
  }

  @Test func aBadRequestMayBeDueToTheRange() {
    let origin = ScriptedOrigin([]) { $0.refusal(400) }
    #expect(throws: SourceError.self) { try open(origin) }
    #expect(origin.calls.map(\.request.range) == [0...131_071, 0...131_071, nil])
    #expect(origin.calls.map(\.request.isRangeOpen) == [false, true, true])
  }

  @Test("what may pass is asked three times", arguments: [202, 408, 425, 429, 500, 502, 503, 504])
  func asksAgain(status: Int) {
    let origin = ScriptedOrigin([]) { $0.refusal(status) }
    #expect(throws: SourceError.self) { try open(origin) }
    #expect(origin.calls.count == 3)
  }

  @Test(
    "who limits how often it is asked is given seconds, others are asked again sooner",
    arguments: [429: [1, 2], 503: [1, 2], 500: [0.2, 0.4]])
  func pauses(status: Int, seconds: [Double]) {
    let origin = ScriptedOrigin([]) { $0.refusal(status) }
    var pauses: [Double] = []
    #expect(throws: SourceError.self) {
      try RangedSource(
        SourceURL("http://origin.example/"), client: origin, settings: SourceSettings(), deadline: .after(seconds: 60),
        sleep: { pauses.append($0) }, progress: {})
    }
    #expect(pauses == seconds)
  }

  @Test(
    "what stores and CDNs say of a refusal",
    arguments: [
      (
        403, "<Error><Code>AccessDenied</Code><Message>Request has expired</Message>",
        "403 AccessDenied (the signed URL has expired)"
      ),
      (
        403, "<Error><Code>AccessDenied</Code>",
        "403 AccessDenied (access denied: has a signed URL expired, or is nothing there?)"
      ),
      (404, #"{"success":false,"error":"Not found","code":"request"}"#, "404 (not found)"),
      (
        400, "<Error><Code>ExpiredToken</Code><Details>Request signature expired at: 2026",
        "400 ExpiredToken (the signed URL has expired)"
      ),
      (
        403, "<Error><Code>AuthenticationFailed</Code><AuthenticationErrorDetail>Signed expiry time [Wed",
        "403 AuthenticationFailed (the signed URL has expired)"
      ),
      (
        400, #"{"statusCode":"400","error":"InvalidJWT","message":"\"exp\" claim timestamp check failed"}"#,
        "400 InvalidJWT (the signed URL has expired)"
      ),
      (401, #"{"code": "expired_auth_token", "status": 401}"#, "401 expired_auth_token (the signed URL has expired)"),
      (400, #"{"statusCode":"404","error":"not_found","message":"Object not found"}"#, "400 not_found (not found)"),
      (403, #"{"code": "download_cap_exceeded"}"#, "403 download_cap_exceeded (access denied: has a signed URL expired?)"),
      (403, "<Error><Code>SignatureDoesNotMatch</Code>", "403 SignatureDoesNotMatch (the signature is not that of this URL"),
      (403, "<Error><Code>InvalidObjectState</Code>", "403 InvalidObjectState (archived"),
      (409, "<Error><Code>BlobArchived</Code>", "409 BlobArchived (archived"),
      (409, "<Error><Code>PublicAccessNotPermitted</Code>", "409 PublicAccessNotPermitted"),
      (301, "<Error><Code>PermanentRedirect</Code>", "301 PermanentRedirect (a redirect that leads nowhere)"),
      (451, "", "451 (withheld for legal reasons)"),
      // A page is no word, and no word is a sentence or a URL.
      (403, "<html>your session has expired", "403 (access denied: has a signed URL expired?)"),
      (403, "<Code>a b</Code>", "403 (access"), (403, "<Code>http://x/?k=v</Code>", "403 (access"),
    ])
  func saysWhatTheOriginSays(status: Int, body: String, words: String) {
    let error = #expect(throws: SourceError.self) {
      try open(ScriptedOrigin([]) { _ in .init(status: status, body: Array(body.utf8)[...]) })
    }
    #expect(error?.description.hasPrefix("the origin answered \(words)") == true, "\(error?.description ?? "")")
  }

  @Test func aChallengeIsNoExpiredURL() {
    let error = #expect(throws: SourceError.self) {
      try open(ScriptedOrigin([]) { $0.refusal(403, [("cf-mitigated", "challenge")]) })
    }
    #expect(error?.description.contains("Cloudflare") == true)
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
    #expect(error?.description.contains("down to http") == true)
    let secure = ScriptedOrigin([1]) { $0.path == "/a" ? $0.redirect("https://origin.example/b") : $0.part() }
    _ = try open(secure, url: "https://origin.example/a")
    #expect(secure.calls.count == 2)
  }

  @Test func aLinkThatIsGoodOnceIsUsedTwiceOnce() throws {
    let origin = ScriptedOrigin(Self.file(1_500_000)) {
      $0.path == "/v.mp4" ? $0.redirect("/once/\($0.number)") : $0.numberOfURL > 1 ? $0.refusal(403) : $0.part()
    }
    #expect(try read(open(origin), from: 0).count == 1_500_000)
    #expect(origin.calls.count { $0.path != "/v.mp4" && $0.numberOfURL > 1 } == 1)
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
