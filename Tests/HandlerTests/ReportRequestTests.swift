import Database
import FastCGI
import Testing

@testable import retry_stuck_thumbnails

@Suite struct ReportRequestTests {
  static let id = "85bea63a-5689-493a-952e-bb97713e38a1"
  static let video = VideoID(id)!

  static func page(_ change: (inout VideoPage) -> Void) -> VideoPage {
    var page = VideoPage()
    change(&page)
    return page
  }

  @Test(arguments: [
    ("", ReportRequest.report(limit: nil)), ("limit=7", .report(limit: 7)),
    ("&limit=7&", .report(limit: 7)), ("history=7d", .history(hours: 168)),
    ("history=24h", .history(hours: 24)), ("videos=recent", .videos(page { _ in })),
    (
      "limit=200&videos=failed",
      .videos(
        page {
          $0.filter.state = "failed"
          $0.limit = 200
        })
    ),
    (
      "videos=dismissed&text=a+b%26%2Bc&class=media&reason=x&host=h:1&tenant=t&since=2030-01-31T12:00:00Z&until=2030-02-01T00:00:00.5Z&order=oldest&after=-5~\(id.uppercased())",
      .videos(
        page {
          $0.filter.state = "dismissed"
          $0.filter.text = "a b&+c"
          $0.filter.class = "media"
          $0.filter.reason = "x"
          $0.filter.host = "h:1"
          $0.filter.tenant = "t"
          $0.filter.since = "2030-01-31T12:00:00Z"
          $0.filter.until = "2030-02-01T00:00:00.5Z"
          $0.order = "oldest"
          $0.after = try? VideoPage.Cursor("-5~\(id)")
        })
    ),
    ("videoId=\(id)&url=full", .sourceURL(video)),
    ("videoId=85BEA63A-5689-493A-952E-BB97713E38A1", .timeline(video)), ("videoId=%38\(id.dropFirst())", .timeline(video)),
  ])
  func understood(query: String, request: ReportRequest) throws {
    #expect(try ReportRequest(query: query) == request)
  }

  @Test(arguments: [
    "limit=0", "limit=201", "limit=x", "limit=-1", "limit=", "videoId=1", "history=1h", "videos=all",
    "videos=failed&history=7d", "text=a", "videoId=\(id)&text=a", "videoId=\(id)&url=1", "videos=recent&since=yesterday",
    "videos=recent&order=up", "videos=recent&after=1", "videos=recent&after=x~\(id)", "videos=recent&after=1~x",
    "videos=recent&after=\(Int.max)~\(id)", "videos=recent&after=\(Int.min)~\(id)",
    "videos=recent&text=%00",
    "videos=recent&host=\(String(repeating: "h", count: 501))",
    "videoId=\(id)&videos=recent", "speed=1", "url=full", "limit=1&limit=2", "videos=failed&videos=failed",
    "limit=99999999999999999999", "a%zz=1", "videos=recent&text=%E4", "videos=recent&%E4=1", "%E4=1",
  ])
  func refused(query: String) {
    #expect(throws: BadRequest.self) { try ReportRequest(query: query) }
  }
}
