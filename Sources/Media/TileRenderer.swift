internal import Decoding

/// Renders pictures of one video in the same small size, also those of which the video has another.
final class TileRenderer {
  private let file: MediaFile
  private let options: ThumbnailOptions
  /// The first picture's geometry, which all others share.
  private(set) var geometry: PictureGeometry?
  /// Width to height of the first picture.
  private var shape: Double?
  /// A recording whose size changes keeps its shape but for the rounding of its sides.
  private static let tolerance = 0.01

  init(file: MediaFile, options: ThumbnailOptions) {
    self.file = file
    self.options = options
  }

  var encoder: ImageEncoder { ImageEncoder(options: options) }
  var format: ImageFormat { options.mainFormat }
  /// The shape asked for; nil for the one nearest to the video's own.
  var aspectRatio: AspectRatio? { options.aspectRatio }

  /// - Returns: nil for a picture whose shape differs from the first one's.
  func render(_ frame: borrowing Frame) throws(MediaError) -> Frame? {
    let presentation = Presentation(of: frame, in: file)
    let size = presentation.displayedSize(of: frame)
    let shape = size.width / size.height
    if let first = self.shape, abs(shape / first - 1) > Self.tolerance { return nil }
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
    self.shape = self.shape ?? shape
    return tile
  }
}
