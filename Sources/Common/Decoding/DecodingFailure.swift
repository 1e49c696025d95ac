/// No picture.
package struct DecodingFailure: MessageContent, Equatable {
  package static let type = MessageType.failure

  /// What ended the work.
  package enum Reason: String, Sendable {
    /// The file; ``kind`` says more.
    case media
    /// It could not be read: the worker knows why.
    case source
    /// The time is over.
    case deadline
  }

  /// For `source` the worker throws the error it has kept itself.
  package var reason: Reason
  /// What is wrong with the file; means nothing where the reason is another.
  package var kind: MediaError.Kind
  /// A sentence for anyone where the reason is `media`.
  package var text: String
  /// For the log.
  package var detail: String
  /// What the libraries had to say.
  package var log: [String]

  package init(reason: Reason, kind: MediaError.Kind = .undecodable, text: String, detail: String = "", log: [String]) {
    self.reason = reason
    self.kind = kind
    self.text = text
    self.detail = detail
    self.log = log
  }

  package func write(to writer: inout MessageWriter) {
    writer.write(reason.rawValue)
    writer.write(kind.rawValue)
    writer.write(text)
    writer.write(detail)
    writer.write(log)
  }

  package init(from reader: inout MessageReader) throws(MalformedMessage) {
    reason = try reader.choice()
    kind = try reader.choice()
    text = try reader.text()
    detail = try reader.text()
    log = try reader.texts(limit: 10)
  }
}
