/// Where the child's next reads will be.
package struct Expectation: MessageContent, Equatable {
  package static let type = MessageType.expect

  package var range: Range<Int64>

  package init(range: Range<Int64>) {
    self.range = range
  }

  package func write(to writer: inout MessageWriter) {
    writer.write(range.lowerBound)
    writer.write(range.upperBound)
  }

  package init(from reader: inout MessageReader) throws(MalformedMessage) {
    let start = try reader.integer(in: 0...ReadRequest.furthest)
    range = start..<(try reader.integer(in: start...ReadRequest.furthest))
  }
}
