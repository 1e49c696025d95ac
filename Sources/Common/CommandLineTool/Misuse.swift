/// An error in the command line.
package struct Misuse: Error, CustomStringConvertible {
  /// The reason in a few words, printed by ``StandardOptions/refuse(_:)`` after the program's name.
  package let description: String

  package init(_ description: String) {
    self.description = description
  }
}
