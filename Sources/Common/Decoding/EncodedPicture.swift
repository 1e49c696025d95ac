/// A picture as it is stored: one of those that can be made of one decoded frame.
package struct EncodedPicture: Sendable {
  package let bytes: [UInt8]
  /// In pixels.
  package let width: Int
  package let height: Int
  package let format: ImageFormat

  package init(bytes: [UInt8], width: Int, height: Int, format: ImageFormat) {
    self.bytes = bytes
    self.width = width
    self.height = height
    self.format = format
  }
}
