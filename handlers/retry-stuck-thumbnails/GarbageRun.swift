internal import Deadlines
internal import GarbageCollection
internal import Logging

/// The garbage collector's part of a sweep: some seconds within the request, and after its answer until nothing is due.
final class GarbageRun {
  private let collector: GarbageCollector
  /// How many seconds to collect garbage within one request.
  private let seconds: Double
  private let logger: Logger
  /// The run that goes on after its sweep's answer.
  private var run: CollectionReport?

  /// How many seconds one step after the answer waits for the store. A waiting request ends it at once.
  private static let stepSeconds = 5.0

  /// - Parameter seconds: 0 for never.
  init(_ collector: GarbageCollector, seconds: Double, logger: Logger) {
    self.collector = collector
    self.seconds = seconds
    self.logger = logger
  }

  /// - Returns: how many objects were deleted; nil if this never collects.
  func begin() throws -> Int? {
    guard seconds > 0 else { return nil }
    run = nil
    let report = try collector.begin(deadline: .after(seconds: seconds))
    keep(report)
    return report.deleted
  }

  /// Does one step more.
  ///
  /// - Returns: whether there may be more to do. If the database fails, there is not: the next sweep begins anew.
  func goOn(while isFree: () -> Bool) -> Bool {
    guard var report = run else { return false }
    run = nil
    do {
      try collector.deleteSome(&report, deadline: .after(seconds: Self.stepSeconds), while: isFree)
      keep(report)
    } catch {
      logger.error("garbage could not be collected", cause: "\(error)")
    }
    return run != nil
  }

  private func keep(_ report: CollectionReport) {
    guard report.isDone else {
      run = report
      return
    }
    logger.info(
      "collected",
      [
        .count: .integer(report.deleted), LogKey(rawValue: "listed"): .integer(report.listed),
        LogKey(rawValue: "orphans"): .integer(report.orphans),
      ])
  }
}
