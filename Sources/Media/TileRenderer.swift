internal import Decoding

/// Renders pictures of one video in the same small size.
final class TileRenderer {
  private let file: MediaFile
  private let options: ThumbnailOptions
  /// The first picture's geometry, which all others share.
  private(set) var geometry: PictureGeometry?
  private var displayed = (width: 0.0, height: 0.0)

  init(file: MediaFile, options: ThumbnailOptions) {
    self.file = file
    self.options = options
  }

  var encoder: ImageEncoder { ImageEncoder(options: options) }
  var format: ImageFormat { options.mainFormat }

  /// - Returns: nil for a picture whose displayed size differs from the first one's.
  func render(_ frame: borrowing Frame) throws(MediaError) -> Frame? {
    let presentation = Presentation(of: frame, in: file)
    let size = presentation.displayedSize(of: frame)
    if geometry != nil && size != displayed { return nil }
    let aspect = options.aspectRatio ?? .fitting(displayedWidth: size.width, height: size.height)
    let geometry =
      self.geometry
      ?? PictureGeometry(
        displayedWidth: size.width, displayedHeight: size.height, aspect: aspect, longerSide: options.largestSide)
    let chain = RenderChain(
      presentation: presentation, geometry: geometry, format: format,
      background: try PictureStatistics.background(of: frame, presentation: presentation))
    let tile = try chain.run(frame)
    self.geometry = geometry
    displayed = size
    return tile
  }
}
