/// A child was started; the socket it was given is its own now.
package struct ChildStarted: MessageContent, Equatable {
  package static let type = MessageType.started

  /// Its process identifier, from 1 up: ``EndChild`` names it by that.
  package var process: Int32

  package init(process: Int32) {
    self.process = process
  }

  package func write(to writer: inout MessageWriter) { writer.write(Int(process)) }
  package init(from reader: inout MessageReader) throws(MalformedMessage) {
    process = Int32(try reader.integer(in: 1...Int(Int32.max)))
  }
}
