/// The content of messages of one type.
package protocol MessageContent: Sendable {
  /// The type of the messages that have this content.
  static var type: MessageType { get }
  /// Appends all fields, in the order in which `init(from:)` reads them.
  func write(to writer: inout MessageWriter)
  /// - Throws: `MalformedMessage` if a field is missing, out of range, or an unknown word.
  init(from reader: inout MessageReader) throws(MalformedMessage)
}
