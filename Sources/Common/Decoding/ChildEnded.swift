/// The child has ended.
package struct ChildEnded: MessageContent, Equatable {
  package static let type = MessageType.ended

  /// The status from waitpid(2).
  package var status: Int32

  package init(status: Int32) {
    self.status = status
  }

  package func write(to writer: inout MessageWriter) { writer.write(Int(status)) }
  package init(from reader: inout MessageReader) throws(MalformedMessage) {
    status = Int32(try reader.integer(in: 0...0xffff))
  }
}
