/// What is wrong with a command line.
package struct Misuse: Error, CustomStringConvertible {
  /// The reason in a few words, as ``StandardOptions/refuse(_:)`` prints it behind the program's name.
  package let description: String

  package init(_ description: String) {
    self.description = description
  }
}
