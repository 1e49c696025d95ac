import Logging
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
    ])
  func paths(target: String, path: String) {
    #expect(RequestPath.normalized(target) == path)
    #expect(Request(variables: ["REQUEST_URI": target], body: []).path == path)
  }

  private struct Handler: AuthenticatedHandler {
    func methods(at path: String) -> [String] { path == "/read" ? ["GET"] : ["POST"] }
    func mayAct(_ caller: String) -> Bool { caller != "onlooker" }
    func reply(to request: Request, from caller: String, logger: Logger) -> Reply {
      Reply(.json(200, Array("\(request.method) by \(caller)".utf8)))
    }
  }

  private func answer(_ method: String, _ path: String, bearer: String? = nil) -> String {
    var variables = ["REQUEST_METHOD": method, "REQUEST_URI": path]
    variables["HTTP_AUTHORIZATION"] = bearer
    let door = FrontDoor(Handler()) { $0 }
    let reply = door.reply(to: Request(variables: variables, body: []), logger: Logger(service: "test", level: .error))
    return String(decoding: reply.response.serialized, as: UTF8.self).replacing("\r\n", with: "\n")
  }

  @Test func healthNeedsNoBearerAndSaysNothing() {
    #expect(answer("GET", "/health").hasSuffix("\n\n{\"status\":\"ok\"}"))
    #expect(answer("HEAD", "//health/").hasSuffix("Content-Length: 15\n\n"))
    #expect(answer("POST", "/health").contains("Status: 405"))
  }

  @Test func headIsGetWithoutTheBody() {
    #expect(answer("HEAD", "/read", bearer: "me").hasSuffix("Content-Length: 9\n\n"))
    #expect(answer("GET", "/read", bearer: "me").hasSuffix("GET by me"))
    #expect(answer("HEAD", "/read").contains("Status: 401"))
    #expect(answer("HEAD", "/write", bearer: "me").contains("Status: 405"))
    #expect(answer("DELETE", "/read", bearer: "me").contains("Allow: GET, OPTIONS, HEAD"))
    #expect(answer("DELETE", "/write", bearer: "me").contains("Allow: POST, OPTIONS\n"))
  }

  @Test func whoMayOnlyLookDoesNothingElse() {
    #expect(answer("GET", "/read", bearer: "onlooker").hasSuffix("GET by onlooker"))
    #expect(answer("HEAD", "/read", bearer: "onlooker").contains("Status: 200"))
    #expect(answer("POST", "/write", bearer: "onlooker").contains("Status: 403"))
    #expect(answer("POST", "/write", bearer: "onlooker").contains("\"error\":\"This secret may look, and do nothing else\""))
    #expect(answer("POST", "/write", bearer: "me").hasSuffix("POST by me"))
  }

  @Test(
    "whole seconds, up to a day",
    arguments: [
      (0.2, "1"), (7.1, "8"), (-3, "1"), (1e300, "86400"), (.infinity, "86400"), (-.infinity, "1"), (.nan, "1"),
    ])
  func retryAfter(seconds: Double, value: String) { #expect(Response.retryAfter(seconds).value == value) }
}
