/// A message that does not follow the protocol.
package struct MalformedMessage: Error, CustomStringConvertible {
  /// What is wrong with it. It contains no text of the message itself, which may be hostile.
  package let description: String

  package init(_ description: String) {
    self.description = description
  }
}
