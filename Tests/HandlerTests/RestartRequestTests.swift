import Testing

@testable import retry_stuck_thumbnails

@Suite struct RestartRequestTests {
  static let id = "85bea63a-5689-493a-952e-bb97713e38a1"

  @Test(arguments: [
    (#"{"videoId":"\#(id)"}"#, RestartRequest.video(id)), (#" {"batch":10}"#, .waiting(10)),
    (#"{"batch":1000,"status":"failed"}"#, .failed(1000, error: nil)),
    (#"{"batch":1,"status":"failed","error":"x"}"#, .failed(1, error: "x")),
    (#"{"batch":1,"error":"x"}"#, .failed(1, error: "x")),
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
  ])
  func refused(body: String) {
    #expect(throws: BadRequest.self) { try RestartRequest(body: Array(body.utf8)) }
  }
}
