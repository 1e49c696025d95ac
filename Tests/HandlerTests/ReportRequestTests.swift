import Testing

@testable import retry_stuck_thumbnails

@Suite struct ReportRequestTests {
  static let id = "85bea63a-5689-493a-952e-bb97713e38a1"

  @Test(arguments: [
    ("", ReportRequest.report(limit: nil)), ("limit=7", .report(limit: 7)), ("history=7d", .history(hours: 168)),
    ("history=24h", .history(hours: 24)), ("videos=recent", .videos(state: nil, limit: 24)),
    ("limit=200&videos=failed", .videos(state: "failed", limit: 200)),
    ("videoId=85BEA63A-5689-493A-952E-BB97713E38A1", .timeline(id)), ("videoId=%38\(id.dropFirst())", .timeline(id)),
  ])
  func understood(query: String, request: ReportRequest) throws {
    #expect(try ReportRequest(query: query) == request)
  }

  @Test(arguments: [
    "limit=0", "limit=201", "limit=x", "limit=-1", "limit=", "videoId=1", "history=1h", "videos=all",
    "videos=failed&history=7d",
    "videoId=\(id)&videos=recent", "speed=1", "limit=99999999999999999999", "a%zz=1",
  ])
  func refused(query: String) {
    #expect(throws: BadRequest.self) { try ReportRequest(query: query) }
  }
}
