/// What a run of the garbage collector came to.
package struct CollectionReport: Sendable, Equatable {
  /// Objects in the parts of the listing that were looked at.
  package var listed = 0
  /// Of those, how many nobody needs and nobody had put down.
  package var orphans = 0
  /// Deleted, or in a dry run what would be.
  package var deleted = 0
  /// Could not be deleted; they are tried again in an hour.
  package var failed = 0
}
