/// The child wants bytes of the file.
package struct ReadRequest: MessageContent, Equatable {
  package static let type = MessageType.read
  /// The most one request may ask for, in bytes.
  package static let maximum = 1 << 20
  /// The first byte behind every file.
  package static let furthest: Int64 = 1 << 56

  package var offset: Int64
  /// What is needed.
  package var count: Int
  /// What is welcome besides where it costs no waiting; at least `count`.
  package var welcome: Int

  package init(offset: Int64, count: Int, welcome: Int) {
    self.offset = offset
    self.count = count
    self.welcome = welcome
  }

  package func write(to writer: inout MessageWriter) {
    writer.write(offset)
    writer.write(count)
    writer.write(welcome)
  }

  package init(from reader: inout MessageReader) throws(MalformedMessage) {
    offset = try reader.integer(in: 0...Self.furthest)
    count = try reader.integer(in: 1...Self.maximum)
    welcome = try reader.integer(in: count...Self.maximum)
  }
}
