package import Settings

/// The limits of one run of the garbage collector.
package struct CollectionSettings: Sendable {
  /// The most objects to delete in one run.
  package let maximumDeletions: Int
  /// How old an object has to be before it counts as left behind by a worker that died. It has to be longer than any job.
  package let orphanSeconds: Double
  /// How many pages of the store's listing one run of the hourly sweep reads; 0 for none.
  package let listPages: Int
  /// Objects in one page of the listing. S3 returns no more than the upper limit.
  package let pageSize: Int

  /// Reads `GC_MAX_DELETIONS`, `GC_ORPHAN_SECONDS`, `GC_LIST_PAGES` and `GC_PAGE_SIZE`.
  package init(_ reader: inout SettingsReader) {
    reader.begin("Garbage collection, by the sweep and by `auto-generate-thumbnail gc`")
    maximumDeletions = reader.integer(
      "GC_MAX_DELETIONS", fallback: 100_000, in: 0...1_000_000, meaning: "objects deleted by one sweep or one `gc`, at most")
    orphanSeconds = reader.seconds(
      "GC_ORPHAN_SECONDS", fallback: 86_400, in: 0...31_536_000,
      meaning: "how old an object no row names must be to count as left behind")
    listPages = reader.integer(
      "GC_LIST_PAGES", fallback: 5, in: 0...1_000_000,
      meaning: "pages of the store's listing looked at in one sweep; 0: none")
    pageSize = reader.integer("GC_PAGE_SIZE", fallback: 1000, in: 1...1000, meaning: "objects in such a page")
  }
}
