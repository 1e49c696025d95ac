import Database
import FastCGI
import Testing

@testable import retry_stuck_thumbnails

@Suite struct RestartRequestTests {
  static let id = "85bea63a-5689-493a-952e-bb97713e38a1"
  static let video = VideoID(id)!

  static func failed(_ count: Int, reason: String? = nil, class name: String? = nil, before: String? = nil) -> RestartRequest {
    var filter = VideoFilter()
    (filter.state, filter.reason, filter.class) = ("failed", reason, name)
    return .failed(count, filter, before: before)
  }

  @Test(arguments: [
    (#"{"videoId":"\#(id)"}"#, RestartRequest.video(video)), (#" {"batch":10}"#, .waiting(10)),
    ("\u{feff}{\"batch\":10}", .waiting(10)),
    (#"{"batch":1000,"status":"failed"}"#, failed(1000)),
    (#"{"batch":1,"class":"media"}"#, failed(1, class: "media")),
    (#"{"batch":1,"status":"failed","error":"x"}"#, failed(1, reason: "x")),
    (#"{"batch":1,"error":"x"}"#, failed(1, reason: "x")),
    (#"{"batch":1,"error":"x\u0000y"}"#, failed(1, reason: "x")),
    (
      #"{"batch":2,"status":"failed","before":"2030-01-31T12:00:00.123456Z"}"#,
      failed(2, before: "2030-01-31T12:00:00.123456Z")
    ),
    (#"{"batch":2,"before":"2030-01-31T12:00:00Z"}"#, failed(2, before: "2030-01-31T12:00:00Z")),
  ])
  func understood(body: String, request: RestartRequest) throws {
    #expect(try RestartRequest(body: Array(body.utf8)) == request)
  }

  @Test(arguments: ["", " ", "{}", "a=b", "[]", "null", #"{"source":"cron"}"#, #""text""#])
  func asksForTheSweep(body: String) throws {
    #expect(try RestartRequest(body: Array(body.utf8)) == nil)
  }

  @Test(arguments: [
    #"{"videoId":"x"}"#, #"{"videoId":7}"#, #"{"batch":0}"#, #"{"batch":1001}"#, #"{"batch":"10"}"#, #"{"batch":1.5}"#,
    #"{"batch":1,"status":"all"}"#, #"{"videoId":"\#(id)","batch":1}"#, #"{"videoId":"#,
    #"{"batch":1,"status":"failed","before":"yesterday"}"#,
    #"{"status":"failed"}"#, #"{"error":"x"}"#, #"{"before":"2030-01-31T12:00:00Z"}"#,
    #"{"batch":1,"before":"2030-02-30T12:00:00.000Z"}"#, #"{"batch":1,"before":"2030-01-31T25:00:00.000Z"}"#,
    #"{"batch":1,"before":"0000-01-31T12:00:00.000Z"}"#, #"{"batch":1,"before":"2030-01-31T12:00:00.000Zgarbage"}"#,
    #"{"batch":1,"status":"failed","before":"2030-01-31'; --"}"#,
  ])
  func refused(body: String) {
    #expect(throws: BadRequest.self) { try RestartRequest(body: Array(body.utf8)) }
  }

  @Test(arguments: [
    (#"{"videoId":7}"#, "videoId has the wrong type"), (#"{"batch":"10"}"#, "batch has the wrong type"),
    (#"{"batch":1.5}"#, "batch is not a number from 1 to 1000"), (#"{"batch":1,"before":7}"#, "before has the wrong type"),
    (#"{"videoId":"#, "The body is not a JSON object"),
    (#"{"batch":1,"clas":"media"}"#, "a batch knows videoId, batch, status, error, class, before, not clas"),
  ])
  func whatIsWrongIsNamed(body: String, text: String) {
    #expect(throws: BadRequest(text: text)) { try RestartRequest(body: Array(body.utf8)) }
  }

  @Test(
    "what the database refuses, by its sentence",
    arguments: [
      ("Video not found", 404, "request"), ("Video URL is null", 422, "media"), ("Video is not completed", 409, "request"),
      ("Thumbnail already exists", 409, "request"), ("Auto thumbnail generation is disabled", 503, "configuration"),
      ("Missing configuration in system_config", 503, "configuration"), ("something new", 503, "configuration"),
    ])
  func refusals(sentence: String, status: Int, code: String) throws {
    let response = try #require(ManualOutcome(json: "{\"success\":false,\"error\":\"\(sentence)\"}").refusal)
    #expect(response.status == status)
    let body = String(decoding: response.body, as: UTF8.self)
    #expect(body.contains("\"error\":\"\(sentence)\"") && body.contains("\"code\":\"\(code)\""))
    #expect(response.headers.contains { $0.name == "Retry-After" } == (status == 503))
  }
}
