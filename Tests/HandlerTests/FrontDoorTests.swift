import Auth
import Logging
import Settings
import Testing

@testable import FastCGI

@Suite struct FrontDoorTests {
  @Test(
    "one path, however it is spelled",
    arguments: [
      ("/metrics", "/metrics"), ("/metrics?x=/y", "/metrics"), ("/metrics/", "/metrics"), ("//metrics", "/metrics"),
      ("/%6detrics", "/metrics"),
      ("/%6Detrics#x", "/metrics"), ("/./metrics/.", "/metrics"), ("/a/../metrics", "/metrics"), ("/../../metrics", "/metrics"),
      ("http://videos.example.com/metrics", "/metrics"), ("https://videos.example.com", "/"), ("", "/"), ("*", "/*"),
      ("/%", "/%"), ("/%zz", "/%zz"),
      ("/%4", "/%4"), ("/a%2fb", "/a/b"), ("/caf%C3%A9", "/café"),
      // A mark behind a sign makes another letter of it, not another byte; and "+f" is a number to Swift.
      ("/metrics?\u{301}token", "/metrics"), ("/a/\u{301}../b", "/a/\u{301}../b"), ("/%+f", "/%+f"),
    ])
  func paths(target: String, path: String) {
    #expect(RequestPath.normalized(target) == path)
    #expect(Request(variables: ["REQUEST_URI": target], body: []).path == path)
  }

  private struct Handler: RequestHandler {
    func methods(at path: String) -> [String] { path == "/read" ? ["GET"] : ["POST"] }
    func reply(to request: Request, from caller: Caller, logger: Logger) -> Reply {
      Reply(.json(200, Array("\(request.method) by \(caller)".utf8)))
    }
  }

  private static let secrets: [Caller: String] = [.service: "the-key-of-the-platform", .status: "the-key-of-an-onlooker"]

  private func answer(_ method: String, _ path: String, as caller: Caller? = nil, authorization: String? = nil) -> String {
    var variables = ["REQUEST_METHOD": method, "REQUEST_URI": path]
    variables["HTTP_AUTHORIZATION"] = caller.map { "Bearer \(Self.secrets[$0]!)" } ?? authorization
    var reader = SettingsReader(Environment(Dictionary(uniqueKeysWithValues: Self.secrets.map { ($0.secretName, $1) })))
    let door = FrontDoor(Handler(), callers: AuthSettings(&reader, accepting: [.service]))
    let reply = door.reply(to: Request(variables: variables, body: []), logger: Logger(service: "test", level: .error))
    return String(decoding: reply.response.serialized, as: UTF8.self).replacing("\r\n", with: "\n")
  }

  @Test func healthNeedsNoBearerAndSaysNothing() {
    #expect(answer("GET", "/health").hasSuffix("\n\n{\"status\":\"ok\"}"))
    #expect(answer("HEAD", "//health/").hasSuffix("Content-Length: 15\n\n"))
    #expect(answer("POST", "/health").contains("Status: 405"))
  }

  @Test func headIsGetWithoutTheBody() {
    #expect(answer("HEAD", "/read", as: .service).hasSuffix("Content-Length: 14\n\n"))
    #expect(answer("GET", "/read", as: .service).hasSuffix("GET by service"))
    #expect(answer("HEAD", "/read").contains("Status: 401"))
    #expect(answer("HEAD", "/write", as: .service).contains("Status: 405"))
    #expect(answer("DELETE", "/read", as: .service).contains("Allow: GET, OPTIONS, HEAD"))
    #expect(answer("DELETE", "/write", as: .service).contains("Allow: POST, OPTIONS\n"))
  }

  @Test func whetherASecretHasArrivedIsSaid() {
    #expect(answer("GET", "/read").contains("WWW-Authenticate: Bearer\n"))
    for other in ["", "Bearer another", "Basic \(Self.secrets[.service]!)"] {
      #expect(answer("GET", "/read", authorization: other).contains("WWW-Authenticate: Bearer error=\"invalid_token\"\n"))
    }
  }

  @Test func whoMayOnlyLookDoesNothingElse() {
    #expect(answer("GET", "/read", as: .status).hasSuffix("GET by status"))
    #expect(answer("HEAD", "/read", as: .status).contains("Status: 200"))
    #expect(answer("POST", "/write", as: .status).contains("Status: 403"))
    #expect(answer("POST", "/write", as: .status).contains("\"error\":\"This secret may look, and do nothing else\""))
    #expect(answer("POST", "/write", as: .service).hasSuffix("POST by service"))
  }

  @Test(
    "whole seconds, up to a day",
    arguments: [
      (0.2, "1"), (7.1, "8"), (-3, "1"), (1e300, "86400"), (.infinity, "86400"), (-.infinity, "1"), (.nan, "1"),
    ])
  func retryAfter(seconds: Double, value: String) { #expect(Response.retryAfter(seconds).value == value) }
}
