/// The file cannot be read there; why, the worker knows.
package struct SourceFailure: MessageContent, Equatable {
  package static let type = MessageType.sourceFailed

  /// Whether it is the origin's fault, so that a picture in hand may do.
  package var isOrigins: Bool

  package init(isOrigins: Bool) {
    self.isOrigins = isOrigins
  }

  package func write(to writer: inout MessageWriter) { writer.write(isOrigins) }
  package init(from reader: inout MessageReader) throws(MalformedMessage) { isOrigins = try reader.flag() }
}
