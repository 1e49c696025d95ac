/// A child's request for bytes of the file.
package struct ReadRequest: MessageContent, Equatable {
  package static let type = MessageType.read
  /// The most bytes that one request may ask for.
  package static let maximum = 1 << 20
  /// An offset beyond the end of every file.
  package static let furthest: Int64 = 1 << 56

  /// The offset of the first byte wanted, from 0 to ``furthest``.
  package var offset: Int64
  /// How many bytes are needed, from 1 to ``maximum``.
  package var count: Int
  /// How many bytes are welcome if they can be had without waiting; at least `count`.
  package var welcome: Int
  /// How far the previous answer has been used, as an offset in the file; 0 if there was none.
  package var used: Int64
  /// The range of this read and the next ones; nil if it is not known.
  package var expected: Range<Int64>?

  package init(offset: Int64, count: Int, welcome: Int, used: Int64 = 0, expected: Range<Int64>? = nil) {
    self.offset = offset
    self.count = count
    self.welcome = welcome
    self.used = used
    self.expected = expected
  }

  package func write(to writer: inout MessageWriter) {
    writer.write(offset)
    writer.write(count)
    writer.write(welcome)
    writer.write(used)
    writer.write(expected != nil)
    writer.write(expected?.lowerBound ?? 0)
    writer.write(expected?.upperBound ?? 0)
  }

  package init(from reader: inout MessageReader) throws(MalformedMessage) {
    offset = try reader.integer(in: 0...Self.furthest)
    count = try reader.integer(in: 1...Self.maximum)
    welcome = try reader.integer(in: count...Self.maximum)
    used = try reader.integer(in: 0...Self.furthest)
    let isExpected = try reader.flag()
    let start = try reader.integer(in: 0...Self.furthest)
    let end = try reader.integer(in: start...Self.furthest)
    expected = isExpected ? start..<end : nil
  }
}
