import Database
import FastCGI
import Testing

@testable import retry_stuck_thumbnails

@Suite struct OperatorRequestTests {
  static let id = "85bea63a-5689-493a-952e-bb97713e38a1"

  private func request(_ body: String) throws -> OperatorRequest? {
    try OperatorBody(body: Array(body.utf8)).map { try OperatorRequest($0) }
  }

  private static func filter(_ change: (inout VideoFilter) -> Void) -> VideoFilter {
    var filter = VideoFilter()
    change(&filter)
    return filter
  }

  @Test(arguments: [
    (
      #"{"operation":"retry","videoIds":["\#(id)"]}"#,
      OperatorRequest.act(.retry, filter { $0.ids = [VideoID(id)!] }, batch: 1, before: nil)
    ),
    (#"{"operation":"cancel","batch":0}"#, .act(.cancel, VideoFilter(), batch: 0, before: nil)),
    (
      #"{"operation":"dismiss","batch":1000,"filter":{"state":"failed","class":"media"},"before":"2030-01-31T12:00:00Z"}"#,
      .act(
        .dismiss,
        filter {
          $0.state = "failed"
          $0.class = "media"
        }, batch: 1000, before: "2030-01-31T12:00:00Z")
    ),
    (#"{"operation":"restore","batch":5}"#, .act(.restore, VideoFilter(), batch: 5, before: nil)),
    (#"{"operation":"pause"}"#, .pause(tenant: nil, host: nil, reason: nil)),
    ("\u{feff}{\"operation\":\"pause\"}", .pause(tenant: nil, host: nil, reason: nil)),
    (#"{"operation":"pause","tenant":"t","reason":"r"}"#, .pause(tenant: "t", host: nil, reason: "r")),
    (#"{"operation":"resume","host":"h"}"#, .resume(tenant: nil, host: "h")),
  ])
  func understood(body: String, expected: OperatorRequest) throws { #expect(try request(body) == expected) }

  @Test(arguments: ["", "{}", "operation=pause", #"{"batch":1}"#, #"{"operation":null}"#, #"["operation"]"#])
  func asksForSomethingElse(body: String) throws { #expect(try request(body) == nil) }

  @Test(arguments: [
    #"{"operation":"delete"}"#, #"{"operation":"retry"}"#, #"{"operation":"retry","batch":1001}"#,
    #"{"operation":"retry","batch":"1"}"#,
    #"{"operation":"retry","videoIds":["x"]}"#, #"{"operation":"retry","batch":1,"filter":{"state":"all"}}"#,
    #"{"operation":"retry","batch":1,"filter":{"since":"now"}}"#, #"{"operation":"retry","batch":1,"before":"now"}"#,
    #"{"operation":"retry","batch":1,"before":"2030-01-31T12:00:00.٣Z"}"#,
    #"{"operation":"pause","tenant":"t","host":"h"}"#, #"{"operation":"pause","reason":"\u0000"}"#,
    #"{"operation":"pause","filter":{"tenant":"t"}}"#, #"{"operation":"resume","videoIds":[]}"#,
    #"{"operation":"pause","before":"2030-01-31T12:00:00Z"}"#,
    #"{"operation":"retry","batch":1,"videoIds":["\#(Array(repeating: id, count: VideoFilter.mostIDs + 1).joined(separator: "\",\""))"]}"#,
    #"{"operation":"pause","batch":0}"#, #"{"operation":"pause","tenant":""}"#, #"{"operation":"pause","host":" \t"}"#,
    #"{"operation":"resume","tenant":" "}"#, #"{"operation":"resume","host":""}"#,
    #"{"operation":"cancel","batch":1,"tenant":"t"}"#, #"{"operation":"retry","batch":1,"host":"h"}"#, #"{"operation":{}}"#,
  ])
  func refused(body: String) { #expect(throws: BadRequest.self) { try request(body) } }

  @Test(
    "a misspelt condition is not all videos",
    arguments: [
      (
        #"{"operation":"dismiss","batch":1,"fitler":{}}"#,
        "an operation knows operation, batch, filter, videoIds, before, tenant, host, reason, by, not fitler"
      ),
      (
        #"{"operation":"dismiss","batch":1,"filter":{"hots":"h"}}"#,
        "filter knows state, text, class, reason, host, tenant, since, until, not hots"
      ),
      (
        #"{"operation":"dismiss","batch":1,"filter":{"hots":null}}"#,
        "filter knows state, text, class, reason, host, tenant, since, until, not hots"
      ),
      (
        #"{"operation":"dismiss","batch":1,"filter":{"ids":[]}}"#,
        "filter knows state, text, class, reason, host, tenant, since, until, not ids"
      ),
      (#"{"operation":"dismiss","batch":1,"filter":7}"#, "filter has the wrong type"),
    ])
  func unknownFields(body: String, text: String) { #expect(throws: BadRequest(text: text)) { try request(body) } }
}
