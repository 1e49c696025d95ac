/// A part of what a store holds.
package struct ObjectListing: Sendable {
  /// One object.
  package struct Entry: Sendable, Equatable {
    /// The whole key, ``ObjectKey/prefix`` included.
    package let key: String
    /// When it was stored, in seconds since 1970 by the store's clock.
    package let modifiedSeconds: Double
  }

  /// In the order of their keys.
  package var entries: [Entry] = []
  /// Where to go on (`after:`); nil at the end.
  package var next: String?
}
