package import Failures

/// The file cannot be read there. The worker knows why; in the decoder it is the error that ends the job.
package struct SourceFailure: MessageContent, ClassifiedError, Equatable {
  package static let type = MessageType.sourceFailed

  /// Whether the origin is at fault, or the file needs more than may be read, so that a picture decoded so far may do.
  package var isOrigins: Bool
  /// Whether one of the limits on reading is used up, so that any picture decoded so far has to do.
  package var isLimit: Bool

  package init(isOrigins: Bool, isLimit: Bool) {
    self.isOrigins = isOrigins
    self.isLimit = isLimit
  }

  package var failureClass: FailureClass { isOrigins ? .source : .lost }
  package var description: String { "the video cannot be read" }

  package func write(to writer: inout MessageWriter) {
    writer.write(isOrigins)
    writer.write(isLimit)
  }

  package init(from reader: inout MessageReader) throws(MalformedMessage) {
    isOrigins = try reader.flag()
    isLimit = try reader.flag()
  }
}
