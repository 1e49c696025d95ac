/// The decoder cannot do its work on this host.
package struct Refusal: MessageContent, Equatable {
  package static let type = MessageType.refused

  /// Why, for anyone: it stands behind `the decoder cannot be used:`.
  package var text: String

  package init(text: String) {
    self.text = text
  }

  package func write(to writer: inout MessageWriter) { writer.write(text) }
  package init(from reader: inout MessageReader) throws(MalformedMessage) { text = try reader.text() }
}
