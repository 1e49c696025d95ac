/// What a page can show before the picture has loaded.
package struct Placeholder: Sendable, Equatable {
  /// The picture as a ThumbHash of at most 25 bytes.
  package let thumbHash: [UInt8]
  /// The most frequent colour of the picture, as 0xRRGGBB.
  package let dominantColour: Int

  package init(thumbHash: [UInt8], dominantColour: Int) {
    self.thumbHash = thumbHash
    self.dominantColour = dominantColour
  }
}
