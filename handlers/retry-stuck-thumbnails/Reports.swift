internal import Auth
internal import Database
internal import FastCGI

/// Answers requests that only look.
struct Reports {
  let queries: ReportQueries
  let look: CachedLook
  let version: String
  /// How many bytes of an answer cron services read.
  private static let mostBytes = 8192
  /// How many of these are reserved for its head.
  private static let headBytes = 792

  func answer(_ request: ReportRequest, to caller: Caller) throws -> Response {
    switch request {
    case .report(let limit?):
      return .success(data: try queries.report(look.json(), limit: limit, caller: caller.rawValue))
    case .report(nil):
      let json = try look.json()
      for limit in [10, 5, 2] {
        let response = Response.success(data: try queries.report(json, limit: limit, caller: caller.rawValue))
        if response.body.count <= Self.mostBytes - Self.headBytes { return response }
      }
      return .success(data: try queries.report(json, limit: 0, caller: caller.rawValue))
    case .history(let hours): return .success(data: try queries.history(hours: hours))
    case .videos(let page):
      let json = try queries.videos(
        page.filter.json, order: page.order, afterMicroseconds: page.after?.at, afterID: page.after?.id, limit: page.limit)
      return .success(data: json)
    case .sourceURL(let id):
      guard caller == .service else {
        return .refusal(403, "The whole URL is shown to whoever has SERVICE_ROLE_KEY, for it may be signed")
      }
      guard let json = try queries.sourceURL(of: id) else { return .videoNotFound }
      return .success(data: json)
    case .timeline(let id):
      guard let json = try queries.timeline(of: id) else { return .videoNotFound }
      return .success(data: json)
    }
  }

  func metrics() throws -> Response {
    .text(200, MetricsPage(try Snapshot(json: look.json()), version: version).text, contentType: PrometheusText.contentType)
  }
}
