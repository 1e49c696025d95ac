/// Bytes of the file; empty at its end.
package struct SourceData: MessageContent, Equatable {
  package static let type = MessageType.data

  /// The size of the file in bytes; nil if it is not known yet.
  package var size: Int64?
  /// The bytes from the requested offset: at most `welcome`, and fewer than `count` if no more came in one piece.
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
    size = try reader.optionalSize()
    bytes = try reader.block(limit: ReadRequest.maximum)
  }
}
