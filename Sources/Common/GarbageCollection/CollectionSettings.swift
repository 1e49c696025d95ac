package import Settings

/// What one run of the garbage collector may do.
package struct CollectionSettings: Sendable {
  /// `GC_MAX_DELETIONS`: objects deleted in one run, at most (1,000).
  package let maximumDeletions: Int
  /// `GC_ORPHAN_SECONDS`: how old an object has to be before it is taken for left behind by a worker that died (24 h). Longer than
  /// any job.
  package let orphanSeconds: Double
  /// `GC_LIST_PAGES`: pages of the store's listing looked at in one run of the hourly sweep (5); 0: none.
  package let listPages: Int
  /// `GC_PAGE_SIZE`: objects in one page of the listing (1,000, which is the most an S3 API answers).
  package let pageSize: Int

  package init(_ reader: inout SettingsReader) {
    maximumDeletions = reader.integer("GC_MAX_DELETIONS", fallback: 1000, in: 0...1_000_000)
    orphanSeconds = reader.seconds("GC_ORPHAN_SECONDS", fallback: 86_400, in: 0...31_536_000)
    listPages = reader.integer("GC_LIST_PAGES", fallback: 5, in: 0...1_000_000)
    pageSize = reader.integer("GC_PAGE_SIZE", fallback: 1000, in: 1...1000)
  }
}
