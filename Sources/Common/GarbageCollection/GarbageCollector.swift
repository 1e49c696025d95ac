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

  /// How many recorded objects are taken at a time.
  private static let batchSize = 32
  /// More objects than a claim makes.
  private static let mostSiblings = 100

  package init(_ queries: CollectionQueries, store: any ObjectStore, settings: CollectionSettings, logger: Logger) {
    self.queries = queries
    self.store = store
    self.settings = settings
    self.logger = logger
  }

  /// Begins the collector's part of the hourly sweep. It reads a few pages of the listing, from where the last run ended, and then deletes
  /// until `deadline`. If listing is not permitted, it still deletes what the database has recorded. What is left then is for
  /// ``deleteSome(_:deadline:while:)``.
  package func begin(deadline: Deadline) throws -> CollectionReport {
    var report = CollectionReport()
    do {
      // It may take half of the time. Otherwise, with a store that is slow to list, nothing would ever be deleted.
      try look(&report, pages: settings.listPages, deadline: deadline.earlier(by: deadline.secondsLeft / 2))
    } catch let error as StorageError {
      report.mayList = !error.isDenied
      logger.warning("the store cannot be listed", cause: "\(error)")
    }
    while !report.isDone && !deadline.hasPassed { try deleteSome(&report, deadline: deadline) }
    // What was not deleted because this time was over may be deleted in more of it.
    if deadline.hasPassed { report.isDone = false }
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
    if case .failure(let error) = listing {
      guard let error = error as? StorageError else { throw error }
      report.mayList = !error.isDenied
    }
    if isDry {
      var keys = try queries.listDeletions(limit: settings.maximumDeletions)
      let others = try siblings(of: keys, &report, deadline: deadline) { true }.flatMap { try $0?.get() ?? [] }
      keys += try queries.unneeded(among: others)
      keys.forEach(found)
      report.deleted = min(settings.maximumDeletions, keys.count + report.orphans)
    } else {
      while !report.isDone && !deadline.hasPassed {
        try deleteSome(&report, deadline: deadline)
        progress(report)
      }
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
      let next = try readPage(after: after, &report, deadline) { keys in
        guard isDry else { return try queries.recordOrphans(among: keys) }
        let orphans = try queries.listOrphans(among: keys)
        orphans.forEach(found)
        return orphans.count
      }
      progress(report)
      guard let next else { return }
      after = next
    } while !deadline.hasPassed
    logger.warning("the store was not listed to its end in time: the next run begins at the start again")
  }

  private func look(_ report: inout CollectionReport, pages: Int, deadline: Deadline) throws {
    guard pages > 0 else { return }
    var after = try queries.position()
    for _ in 0..<pages where !deadline.hasPassed {
      do {
        after = try readPage(after: after, &report, deadline, record: queries.recordOrphans) ?? ""
      } catch let error as StorageError where error.beginsAnew {
        // What is there can be looked through again, at least.
        try queries.move(to: "")
        throw error
      }
      try queries.move(to: after)
      if after.isEmpty { return }
    }
  }

  /// Reads a page of the listing, and counts what it has.
  ///
  /// - Parameter record: is given the objects that are old enough to be left behind, and returns how many of them nobody needs.
  /// - Returns: the key after which the next page begins; nil at the end.
  private func readPage(
    after key: String, _ report: inout CollectionReport, _ deadline: Deadline, record: ([String]) throws -> Int
  ) throws -> String? {
    let page = try store.list(prefix: ObjectKey.prefix, after: key, limit: settings.pageSize, deadline: deadline)
    report.listed += page.entries.count
    // This compares the store's clock with this host's. A difference does not matter for a limit of a day.
    let latest = Double(time(nil)) - settings.orphanSeconds
    report.orphans += try record(page.entries.filter { $0.modifiedSeconds <= latest }.map(\.key))
    return page.next
  }

  /// Takes some of what is due and deletes it, each object with the others of its claim: the database has recorded only the main one.
  ///
  /// - Parameter isFree: asked again and again. If it returns false, what is not deleted by then is due again.
  package func deleteSome(_ report: inout CollectionReport, deadline: Deadline, while isFree: () -> Bool = { true }) throws {
    var wasFree = true
    let goesOn = {
      wasFree = wasFree && isFree()
      return wasFree
    }
    let room = settings.maximumDeletions - report.deleted - report.failed
    let keys = room > 0 ? try queries.takeDeletions(limit: min(Self.batchSize, room)) : []
    let listings = siblings(of: keys, &report, deadline: deadline, while: goesOn)
    let others = listings.map { (try? $0?.get()) ?? [] }
    let all = others.flatMap(\.self)
    let unneeded = all.isEmpty ? [] : try queries.unneeded(among: all)
    var ends = delete(unneeded, deadline: deadline, while: goesOn)
    func isDeleted(_ key: String) -> Bool { ends[key].map(Self.isSuccess) ?? false }
    // The main object goes last, since the others are found by its key.
    let ready = keys.indices.filter { number in
      guard case .success? = listings[number] else { return false }
      return others[number].allSatisfy { !unneeded.contains($0) || isDeleted($0) }
    }
    ends.merge(delete(ready.map { keys[$0] }, deadline: deadline, while: goesOn)) { $1 }

    let deleted = ends.values.count(where: Self.isSuccess)
    report.deleted += deleted
    // If our time is over, the store has refused nothing. But if it has deleted nothing in all that time, it is too slow.
    let isOver = deadline.hasPassed && report.deleted > 0
    var (gone, refused, left) = ([String](), [String](), [String]())
    var refusal: StorageError?
    for (number, key) in keys.enumerated() {
      let refusals = [Self.error(listings[number])] + (others[number] + [key]).map { Self.error(ends[$0]) }
      if let error = refusals.lazy.compactMap(\.self).first, !isOver {
        refused.append(key)
        refusal = error
        logger.warning("an object could not be deleted", cause: "\(error)", [.detail: .text(key)])
      } else if !isDeleted(key) {
        left.append(key)
      } else if others[number].allSatisfy(unneeded.contains) {
        gone.append(key)
      }  // Otherwise a row names one of the others: the key stays recorded and is examined again later.
    }
    report.failed += refused.count
    report.isDone = keys.isEmpty || deleted == 0 && wasFree
    try queries.forget(gone, refused: refused, left: left, text: refusal?.description)
  }

  /// - Returns: those that were deleted or refused in time.
  private func delete(_ keys: [String], deadline: Deadline, while isFree: () -> Bool) -> [String: Result<Void, any Error>] {
    let ends = store.delete(keys, deadline: deadline, while: isFree)
    return Dictionary(zip(keys, ends)) { first, _ in first }.compactMapValues { $0 }
  }

  /// For each main object the others of its claim; nil if they were not listed in time.
  private func siblings(
    of keys: [String], _ report: inout CollectionReport, deadline: Deadline, while isFree: () -> Bool
  ) -> [Result<[String], any Error>?] {
    let prefixes = keys.map { ObjectKey.stem(ofMain: $0).map(ObjectKey.siblingPrefix) }
    let asked = report.mayList ? prefixes.compactMap(\.self) : []
    let answers = store.list(prefixes: asked, limit: Self.mostSiblings, deadline: deadline, while: isFree)
    let listings = Dictionary(zip(asked, answers)) { first, _ in first }
    for case .failure(let error as StorageError)? in answers where error.isDenied && report.mayList {
      // Without listing, the others cannot be found. The key's own object is deleted nevertheless.
      report.mayList = false
      logger.warning("the store cannot be listed", cause: "\(error)")
    }
    return prefixes.map { prefix in
      guard let prefix, report.mayList else { return .success([]) }
      return listings[prefix]?.map { listing in listing.map { $0.entries.map(\.key) } }
    }
  }

  private static func isSuccess(_ end: Result<Void, any Error>) -> Bool { error(end) == nil }

  private static func error<Value>(_ end: Result<Value, any Error>?) -> StorageError? {
    guard case .failure(let error)? = end else { return nil }
    return error as? StorageError ?? StorageError("\(error)")
  }
}
