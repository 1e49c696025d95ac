/// What a message of one type holds.
package protocol MessageContent: Sendable {
  /// The one type whose messages hold it.
  static var type: MessageType { get }
  /// Appends all fields, in the order in which `init(from:)` reads them.
  func write(to writer: inout MessageWriter)
  /// - Throws: `MalformedMessage` where a field is missing, out of its range, or a word that is not known.
  init(from reader: inout MessageReader) throws(MalformedMessage)
}
