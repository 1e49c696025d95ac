/// The gate that turned a candidate down.
package enum Rejection: String, Sendable, CaseIterable {
  case dark, bright, flat
}
