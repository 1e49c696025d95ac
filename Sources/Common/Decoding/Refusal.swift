/// The decoder cannot do its work on this host.
package struct Refusal: MessageContent, Equatable {
  package static let type = MessageType.refused

  /// Why, for anyone: it stands behind `the decoder cannot be used:`.
  package var text: String
  /// Whether only a person can change it: not where this host is short of something for now.
  package var isPermanent: Bool

  package init(text: String, isPermanent: Bool = true) {
    self.text = text
    self.isPermanent = isPermanent
  }

  /// To a worker that says what cannot be understood.
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
