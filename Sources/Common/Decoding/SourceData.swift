/// Bytes of the file; none at its end.
package struct SourceData: MessageContent, Equatable {
  package static let type = MessageType.data

  /// Of the file in bytes, as far as it is known by now; else nil.
  package var size: Int64?
  /// From the offset asked for on: `welcome` at most, and fewer than `count` where no more came in one piece.
  package var bytes: ArraySlice<UInt8>

  package init(size: Int64?, bytes: ArraySlice<UInt8>) {
    self.size = size
    self.bytes = bytes
  }

  package func write(to writer: inout MessageWriter) {
    writer.write(size)
    writer.write(bytes)
  }

  package init(from reader: inout MessageReader) throws(MalformedMessage) {
    size = try reader.optional { (reader: inout MessageReader) throws(MalformedMessage) in
      try reader.integer(in: 0...Int64.max)
    }
    bytes = try reader.block(limit: ReadRequest.maximum)
  }
}
