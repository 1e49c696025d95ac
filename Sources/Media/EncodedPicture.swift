/// A picture as it is stored: one of those that can be made of one decoded frame.
package struct EncodedPicture: Sendable {
  package let bytes: [UInt8]
  /// In pixels.
  package let width: Int
  package let height: Int
  package let format: ImageFormat
}
