/// A child was started and has the socket now.
package struct ChildStarted: MessageContent, Equatable {
  package static let type = MessageType.started

  /// Its pid, from 1, by which ``EndChild`` names it.
  package var process: Int32

  package init(process: Int32) {
    self.process = process
  }

  package func write(to writer: inout MessageWriter) { writer.write(Int(process)) }
  package init(from reader: inout MessageReader) throws(MalformedMessage) {
    process = Int32(try reader.integer(in: 1...Int(Int32.max)))
  }
}
