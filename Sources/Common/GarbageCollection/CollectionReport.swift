/// What a run of the garbage collector has done so far.
package struct CollectionReport: Sendable, Equatable {
  /// Objects in those parts of the listing that were read.
  package var listed = 0
  /// Those of them that nobody needs and that were not recorded for deletion.
  package var orphans = 0
  /// Objects deleted or, in a dry run, to be deleted.
  package var deleted = 0
  /// Objects that could not be deleted; they are retried in an hour.
  package var failed = 0
  /// Whether the run is over: nothing is due, as much was deleted as one run may, or the store deletes nothing.
  package var isDone = false
  /// Whether the store permits listing, as far as is known.
  var mayList = true
}
