/// The decoder cannot work on this host.
package struct Refusal: MessageContent, Error, Equatable {
  package static let type = MessageType.refused

  /// The reason, for anyone. It follows `the decoder cannot be used:`.
  package var text: String
  /// Whether only a person can mend it; false if this host lacks something only for now.
  package var isPermanent: Bool

  package init(text: String, isPermanent: Bool = true) {
    self.text = text
    self.isPermanent = isPermanent
  }

  /// The answer to a worker whose message cannot be understood.
  package init(_ nonsense: MalformedMessage) {
    self.init(text: "its worker is of another version: \(nonsense)")
  }

  package func write(to writer: inout MessageWriter) {
    writer.write(text)
    writer.write(isPermanent)
  }

  package init(from reader: inout MessageReader) throws(MalformedMessage) {
    text = try reader.text()
    isPermanent = try reader.flag()
  }
}
