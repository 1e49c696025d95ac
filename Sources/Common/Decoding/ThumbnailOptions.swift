/// How the pictures should be.
package struct ThumbnailOptions: Sendable, Equatable {
  /// Nil for the shape nearest to the displayed video.
  package var aspectRatio: AspectRatio?
  /// An exact second; nil to choose a frame.
  package var timeSeconds: Double?
  /// Each picture is made in each of these formats.
  package var formats = [ImageFormat.jpeg]
  /// The longer sides of the pictures, in pixels.
  package var sizes = [AspectRatio.usualSide]
  private var qualities = Dictionary(uniqueKeysWithValues: ImageFormat.allCases.map { ($0, $0.quality.fallback) })
  /// How hard libwebp tries to save bytes; 0 is the fastest. Below 3, its files are no smaller than JPEGs that look as good.
  package var webpMethod = 4

  /// The range of longer sides that can be asked for, in pixels.
  package static let sides = 64...3840
  /// How many sizes can be asked for.
  package static let mostSizes = 6
  /// The range of ``webpMethod``; 6 is the slowest.
  package static let webpMethods = 0...6

  /// A JPEG of 960 pixels, in the shape nearest to the video, of a chosen frame.
  package init() {}

  /// In the unit of ``ImageFormat/quality``.
  package subscript(qualityOf format: ImageFormat) -> Int {
    get { qualities[format] ?? format.quality.fallback }
    set { qualities[format] = newValue }
  }

  /// The format of the picture for `thumbnail_url`: JPEG, which everything can show, if it is among the formats.
  package var mainFormat: ImageFormat { formats.contains(.jpeg) ? .jpeg : formats.first ?? .jpeg }

  /// The longer side of that picture: the largest size up to 960 pixels, or else the smallest one.
  package var mainSide: Int {
    sizes.filter { $0 <= AspectRatio.usualSide }.max() ?? sizes.min() ?? AspectRatio.usualSide
  }

  /// The longer side of the largest picture.
  package var largestSide: Int { sizes.max() ?? AspectRatio.usualSide }
}
