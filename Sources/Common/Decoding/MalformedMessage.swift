/// A message that does not follow the protocol.
package struct MalformedMessage: Error, CustomStringConvertible {
  package let description: String

  package init(_ description: String) {
    self.description = description
  }
}
