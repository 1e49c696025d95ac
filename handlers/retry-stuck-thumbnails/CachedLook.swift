internal import Database
internal import DatabaseClient
internal import Deadlines

/// Caches all figures for those who poll. They are read again after fifty times the duration of the query, but at least every ten seconds.
/// So small databases show every change at once, and large ones are not kept busy by those who watch.
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
    seen = (json, .after(seconds: min(Self.longestSeconds, Self.costs * stopwatch.seconds)))
    return json
  }

  /// Makes the next look read the figures again, so that what was just started shows at once.
  func forget() { seen = nil }
}
