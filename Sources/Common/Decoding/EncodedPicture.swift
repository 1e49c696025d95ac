/// A picture as it is stored, one of several that are made from the same frame.
package struct EncodedPicture: MessageContent, Equatable {
  package static let type = MessageType.encoded
  /// The size in bytes of the largest picture without compression.
  package static let maximumBytes = 3 * ThumbnailOptions.sides.upperBound * (ThumbnailOptions.sides.upperBound * 9 / 16)

  /// The whole file. A message with more than ``maximumBytes`` is refused.
  package let bytes: [UInt8]
  /// In pixels, from 1 to 3840.
  package let width: Int
  /// In pixels, from 1 to 3840.
  package let height: Int
  /// The format that ``bytes`` should have. The worker does not trust a decoder and checks it (`PictureCheck`).
  package let format: ImageFormat

  package init(bytes: [UInt8], width: Int, height: Int, format: ImageFormat) {
    self.bytes = bytes
    self.width = width
    self.height = height
    self.format = format
  }

  /// In pixels.
  package var longerSide: Int { max(width, height) }

  package func write(to writer: inout MessageWriter) {
    writer.write(bytes[...])
    writer.write(width)
    writer.write(height)
    writer.write(format.rawValue)
  }

  package init(from reader: inout MessageReader) throws(MalformedMessage) {
    bytes = Array(try reader.block(limit: Self.maximumBytes))
    width = try reader.integer(in: 1...ThumbnailOptions.sides.upperBound)
    height = try reader.integer(in: 1...ThumbnailOptions.sides.upperBound)
    format = try reader.choice()
  }
}
