/// What the store tells of this host's network.
package enum StoreReach: Sendable {
  /// It gives no answer.
  case silent
  /// It is a folder, or has a private address: it tells nothing of the way to the Internet.
  case nearby
  /// It answers from an address of the Internet.
  case internet
}
