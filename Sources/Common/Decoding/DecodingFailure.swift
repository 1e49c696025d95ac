/// The job ended without a picture.
package struct DecodingFailure: MessageContent, Equatable {
  package static let type = MessageType.failure

  /// What ended the work.
  package enum Reason: String, Sendable {
    /// The file is at fault; ``kind`` says how.
    case media
    /// The file could not be read, for a reason that the worker knows.
    case source
    /// The deadline has passed.
    case deadline
  }

  /// For `source`, the worker throws the error that it has kept.
  package var reason: Reason
  /// What is wrong with the file. It has no meaning with another reason.
  package var kind: MediaError.Kind
  /// A sentence for anyone, if the reason is `media`.
  package var text: String
  /// For the log.
  package var detail: String
  /// The log lines of FFmpeg's libraries.
  package var log: [String]

  package init(reason: Reason, kind: MediaError.Kind = .undecodable, text: String = "", detail: String = "", log: [String]) {
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
