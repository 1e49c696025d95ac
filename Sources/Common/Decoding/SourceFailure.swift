/// The file cannot be read there. The worker knows why.
package struct SourceFailure: MessageContent, Equatable {
  package static let type = MessageType.sourceFailed

  /// Whether the origin is at fault, or the file needs more than may be read, so that a picture decoded so far may do.
  package var isOrigins: Bool

  package init(isOrigins: Bool) {
    self.isOrigins = isOrigins
  }

  package func write(to writer: inout MessageWriter) { writer.write(isOrigins) }
  package init(from reader: inout MessageReader) throws(MalformedMessage) { isOrigins = try reader.flag() }
}
