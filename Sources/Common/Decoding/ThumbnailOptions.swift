/// What the pictures should be like.
package struct ThumbnailOptions: Sendable, Equatable {
  /// Nil for the shape nearest to the displayed video.
  package var aspectRatio: AspectRatio?
  /// An exact second instead of a choice.
  package var timeSeconds: Double?
  /// Each picture is made in each of them.
  package var formats = [ImageFormat.jpeg]
  /// The longer sides of the pictures, in pixels.
  package var sizes = [AspectRatio.usualSide]
  private var qualities = Dictionary(uniqueKeysWithValues: ImageFormat.allCases.map { ($0, $0.quality.fallback) })
  /// How long libwebp looks for the fewest bytes: 0 is the fastest. Below 3 its files are no smaller than JPEGs that look as good.
  package var webpMethod = 4

  /// Longer sides that can be asked for, in pixels.
  package static let sides = 64...3840
  /// How many of them can be asked for.
  package static let mostSizes = 6
  /// What ``webpMethod`` may be; 6 looks longest.
  package static let webpMethods = 0...6

  /// A JPEG of 960 pixels, in the shape nearest to the video, of a frame that is chosen.
  package init() {}

  /// As ``ImageFormat/quality`` has it.
  package subscript(qualityOf format: ImageFormat) -> Int {
    get { qualities[format] ?? format.quality.fallback }
    set { qualities[format] = newValue }
  }

  /// The format of the one picture `thumbnail_url` names: JPEG, which everything shows, where it is among them.
  package var mainFormat: ImageFormat { formats.contains(.jpeg) ? .jpeg : formats.first ?? .jpeg }

  /// The longer side of that picture: the largest up to 960 pixels, else the smallest there is.
  package var mainSide: Int {
    sizes.filter { $0 <= AspectRatio.usualSide }.max() ?? sizes.min() ?? AspectRatio.usualSide
  }

  /// The longer side of the largest picture.
  package var largestSide: Int { sizes.max() ?? AspectRatio.usualSide }
}
