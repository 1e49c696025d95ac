internal import Database
internal import DatabaseClient
internal import Deadlines

/// Every figure there is, for those who poll: looked up anew after ten seconds, or fifty times what looking costs where that is less, so
/// that small databases show every change at once and large ones are not kept busy by whoever watches.
final class CachedLook {
  private let queries: ReportQueries
  private var seen: (json: String, end: Deadline)?

  private static let longestSeconds = 10.0
  private static let costs = 50.0

  init(_ queries: ReportQueries) {
    self.queries = queries
  }

  func json() throws(DatabaseError) -> String {
    if let seen, !seen.end.hasPassed { return seen.json }
    let stopwatch = Stopwatch()
    let json = try queries.look()
    seen = (json, .after(seconds: min(Self.longestSeconds, Self.costs * stopwatch.milliseconds / 1000)))
    return json
  }

  /// What has just been started shows at once.
  func forget() { seen = nil }
}
