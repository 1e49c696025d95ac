/// A part of a store's objects.
package struct ObjectListing: Sendable {
  /// One object.
  package struct Entry: Sendable, Equatable {
    /// The whole key, including ``ObjectKey/prefix``.
    package let key: String
    /// When it was stored, in seconds since 1970 by the store's clock.
    package let modifiedSeconds: Double
  }

  /// In the order of their keys.
  package var entries: [Entry] = []
  /// Where the next part begins (`after:`); nil at the end.
  package var next: String?
}
