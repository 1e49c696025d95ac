/// What a message of one type holds.
package protocol MessageContent: Sendable {
  static var type: MessageType { get }
  func write(to writer: inout MessageWriter)
  init(from reader: inout MessageReader) throws(MalformedMessage)
}
