/// Asks the decoder to end a child.
package struct EndChild: MessageContent, Equatable {
  package static let type = MessageType.end

  /// The pid from ``ChildStarted``. A decoder without such a child exits.
  package var process: Int32

  package init(process: Int32) {
    self.process = process
  }

  package func write(to writer: inout MessageWriter) { writer.write(Int(process)) }
  package init(from reader: inout MessageReader) throws(MalformedMessage) {
    process = Int32(try reader.integer(in: 1...Int(Int32.max)))
  }
}
