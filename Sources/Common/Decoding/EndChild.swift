/// The child is to be ended.
package struct EndChild: MessageContent, Equatable {
  package static let type = MessageType.end

  /// As ``ChildStarted`` named it. A decoder that has no such child ends itself.
  package var process: Int32

  package init(process: Int32) {
    self.process = process
  }

  package func write(to writer: inout MessageWriter) { writer.write(Int(process)) }
  package init(from reader: inout MessageReader) throws(MalformedMessage) {
    process = Int32(try reader.integer(in: 1...Int(Int32.max)))
  }
}
