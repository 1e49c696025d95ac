/// What a page can paint before the picture has loaded.
package struct Placeholder: Sendable, Equatable {
  /// The picture as a ThumbHash, 25 bytes at most.
  package let thumbHash: [UInt8]
  /// The colour most of the picture has, as 0xRRGGBB.
  package let dominantColour: Int

  package init(thumbHash: [UInt8], dominantColour: Int) {
    self.thumbHash = thumbHash
    self.dominantColour = dominantColour
  }
}
