package import Database
package import Deadlines
internal import Glibc
package import Logging
package import Uploads

/// Deletes the objects that no row names: those replaced or refused, which the database has recorded, and those left behind by workers that
/// died between upload and completion, which only the store knows of.
///
/// It deletes only below `thumbnails/`, a limited number in one run, and never an object that a row names: the database decides (migration
/// 029).
package struct GarbageCollector {
  private let queries: CollectionQueries
  private let store: any ObjectStore
  private let settings: CollectionSettings
  private let logger: Logger

  private static let batchSize = 100

  package init(_ queries: CollectionQueries, store: any ObjectStore, settings: CollectionSettings, logger: Logger) {
    self.queries = queries
    self.store = store
    self.settings = settings
    self.logger = logger
  }

  /// The collector's part of the hourly sweep. It reads a few pages of the listing, from where the last run ended, and then deletes until
  /// `deadline`. If listing is not permitted, it still deletes what the database has recorded.
  package func step(deadline: Deadline) throws -> CollectionReport {
    var report = CollectionReport()
    var mayList = true
    do {
      // It may take half of the time. Otherwise, with a store that is slow to list, nothing would ever be deleted.
      try look(&report, pages: settings.listPages, deadline: deadline.earlier(by: deadline.secondsLeft / 2))
    } catch let error as StorageError {
      mayList = !error.isDenied
      logger.warning("the store cannot be listed", cause: "\(error)")
    }
    try delete(&report, &mayList, deadline: deadline)
    return report
  }

  /// Reads the whole listing, then deletes. If the listing fails, it still deletes, and throws the listing's error at the end.
  ///
  /// - Parameters:
  ///   - isDry: nothing is recorded or deleted; `found` is called for each object that would be.
  ///   - progress: called after each page and batch.
  package func run(isDry: Bool, deadline: Deadline, found: (String) -> Void, progress: (CollectionReport) -> Void) throws
    -> CollectionReport
  {
    var report = CollectionReport()
    let listing = Result {
      try list(&report, isDry: isDry, deadline: deadline, found: found, progress: progress)
    }
    var mayList = true
    if case .failure(let error) = listing {
      guard let error = error as? StorageError else { throw error }
      mayList = !error.isDenied
    }
    if isDry {
      var keys = try queries.listDeletions(limit: settings.maximumDeletions)
      var others: [String] = []
      for key in keys { others += try siblings(of: key, &mayList, deadline: deadline) }
      keys += try queries.unneeded(among: others)
      keys.forEach(found)
      report.deleted = min(settings.maximumDeletions, keys.count + report.orphans)
    } else {
      try delete(&report, &mayList, deadline: deadline, progress: progress)
    }
    try listing.get()
    return report
  }

  private func list(
    _ report: inout CollectionReport, isDry: Bool, deadline: Deadline, found: (String) -> Void,
    progress: (CollectionReport) -> Void
  ) throws {
    var after = ""
    repeat {
      let listing = try store.list(
        prefix: ObjectKey.prefix, after: after, limit: settings.pageSize, deadline: deadline)
      let old = oldKeys(listing, &report)
      if isDry {
        for key in try queries.listOrphans(among: old) {
          report.orphans += 1
          found(key)
        }
      } else {
        report.orphans += try queries.recordOrphans(among: old)
      }
      progress(report)
      guard let next = listing.next else { return }
      after = next
    } while !deadline.hasPassed
    logger.warning("the store was not listed to its end in time: the next run begins at the start again")
  }

  private func look(_ report: inout CollectionReport, pages: Int, deadline: Deadline) throws {
    guard pages > 0 else { return }
    var after = try queries.position()
    for _ in 0..<pages where !deadline.hasPassed {
      let listing = try store.list(
        prefix: ObjectKey.prefix, after: after, limit: settings.pageSize, deadline: deadline)
      report.orphans += try queries.recordOrphans(among: oldKeys(listing, &report))
      after = listing.next ?? ""
      try queries.move(to: after)
      if after.isEmpty { return }
    }
  }

  private func oldKeys(_ listing: ObjectListing, _ report: inout CollectionReport) -> [String] {
    report.listed += listing.entries.count
    // This compares the store's clock with this host's. A difference does not matter for a limit of a day.
    let latest = Double(time(nil)) - settings.orphanSeconds
    return listing.entries.filter { $0.modifiedSeconds <= latest }.map(\.key)
  }

  private func delete(
    _ report: inout CollectionReport, _ mayList: inout Bool, deadline: Deadline,
    progress: (CollectionReport) -> Void = { _ in }
  ) throws {
    while report.deleted + report.failed < settings.maximumDeletions, !deadline.hasPassed {
      let room = settings.maximumDeletions - report.deleted - report.failed
      let keys = try queries.takeDeletions(limit: min(Self.batchSize, room))
      if keys.isEmpty { return }
      var gone: [String] = []
      var refused: [String] = []
      var refusal: StorageError?
      for key in keys where !deadline.hasPassed {
        do {
          let isAlone = try deleteSiblings(of: key, &report, &mayList, deadline: deadline)
          try store.delete(key, deadline: deadline)
          report.deleted += 1
          // If a row names one of the others, the key stays recorded and is examined again later.
          if isAlone { gone.append(key) }
        } catch let error as StorageError {
          // Our time is over, and the store has refused nothing. If it has deleted nothing in all that time, it is too slow.
          if deadline.hasPassed, report.deleted > 0 { break }
          report.failed += 1
          refused.append(key)
          refusal = error
          logger.warning("an object could not be deleted", cause: "\(error)", [.detail: .text(key)])
        }
      }
      try queries.forget(gone, refused: refused, text: refusal?.description)
      progress(report)
    }
  }

  /// Deletes the other pictures of the claim to which a main object belongs. The database has recorded only the main one.
  ///
  /// - Returns: whether none is left.
  private func deleteSiblings(
    of key: String, _ report: inout CollectionReport, _ mayList: inout Bool, deadline: Deadline
  ) throws -> Bool {
    let siblings = try siblings(of: key, &mayList, deadline: deadline)
    if siblings.isEmpty { return true }
    let unneeded = try queries.unneeded(among: siblings)
    for sibling in unneeded {
      try store.delete(sibling, deadline: deadline)
      report.deleted += 1
    }
    return unneeded.count == siblings.count
  }

  /// - Parameter mayList: whether the store permits listing, as far as is known.
  private func siblings(of key: String, _ mayList: inout Bool, deadline: Deadline) throws -> [String] {
    guard mayList, let stem = ObjectKey.stem(ofMain: key) else { return [] }
    do {
      return try store.list(prefix: ObjectKey.siblingPrefix(stem), after: "", limit: Self.mostSiblings, deadline: deadline)
        .entries.map(\.key)
    } catch let error as StorageError where error.isDenied {
      // Without listing, the others cannot be found. The key's own object is deleted nevertheless.
      mayList = false
      logger.warning("the store cannot be listed", cause: "\(error)")
      return []
    }
  }

  /// More objects than a claim makes.
  private static let mostSiblings = 100
}
