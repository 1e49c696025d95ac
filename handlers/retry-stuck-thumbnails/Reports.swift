internal import Database
internal import FastCGI
internal import FoundationEssentials

/// Answers what is only looked at.
struct Reports {
  let queries: ReportQueries
  let look: CachedLook
  /// Of this program.
  let version: String
  /// What cron services read of an answer, headers included, is 8,192 bytes.
  static let shortBytes = 7400

  func answer(_ request: ReportRequest) throws -> Response {
    switch request {
    case .report(let limit?): return .json(200, ReplyJSON.success(data: try queries.report(look.json(), limit: limit)))
    case .report(nil):
      let json = try look.json()
      for limit in [10, 5, 2] {
        let body = ReplyJSON.success(data: try queries.report(json, limit: limit))
        if body.count <= Self.shortBytes { return .json(200, body) }
      }
      return .json(200, ReplyJSON.success(data: try queries.report(json, limit: 0)))
    case .history(let hours): return .json(200, ReplyJSON.success(data: try queries.history(hours: hours)))
    case .videos(let state, let limit):
      return .json(200, ReplyJSON.success(data: try queries.videos(state: state, limit: limit)))
    case .timeline(let id):
      guard let json = try queries.timeline(of: id) else {
        return .failure(404, "Video not found", code: "request", isRetryable: false)
      }
      return .json(200, ReplyJSON.success(data: json))
    }
  }

  func metrics() throws -> Response {
    let snapshot = try JSONDecoder().decode(Snapshot.self, from: Data(look.json().utf8))
    return .text(200, MetricsPage(snapshot, version: version).text, contentType: PrometheusText.contentType)
  }
}
