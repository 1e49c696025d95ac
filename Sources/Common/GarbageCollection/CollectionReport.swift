/// The result of a run of the garbage collector.
package struct CollectionReport: Sendable, Equatable {
  /// Objects in those parts of the listing that were read.
  package var listed = 0
  /// Those of them that nobody needs and that were not recorded for deletion.
  package var orphans = 0
  /// Objects deleted or, in a dry run, to be deleted.
  package var deleted = 0
  /// Objects that could not be deleted; they are retried in an hour.
  package var failed = 0
}
