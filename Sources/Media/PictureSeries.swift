internal import Decoding

/// All pictures of one frame. It is rendered once, in the largest size, and scaled down from each size to the next.
struct PictureSeries {
  private let options: ThumbnailOptions
  /// Largest first. A size larger than the video becomes the video's own size; equal sizes are made once.
  let geometries: [PictureGeometry]
  let main: PictureGeometry

  /// - Parameter displayed: the size of the upright picture in square pixels.
  init(_ displayed: (width: Double, height: Double), _ aspect: AspectRatio, _ options: ThumbnailOptions) {
    self.options = options
    let make = { side in
      PictureGeometry(displayedWidth: displayed.width, displayedHeight: displayed.height, aspect: aspect, longerSide: side)
    }
    main = make(options.mainSide)
    geometries = options.sizes.sorted(by: >).map(make).reduce(into: []) { made, next in
      if made.last.map({ ($0.width, $0.height) == (next.width, next.height) }) != true { made.append(next) }
    }
  }

  /// The size in which the frame is rendered.
  var largest: PictureGeometry { geometries.first ?? main }

  /// - Parameter rendered: the frame in the largest size, as the main format needs it.
  /// - Returns: the main picture first.
  func pictures(of rendered: consuming Frame) throws(MediaError) -> ([EncodedPicture], Placeholder) {
    let encoder = ImageEncoder(options: options)
    let own = options.mainFormat
    var frame = rendered
    var pictures: [EncodedPicture] = []
    for geometry in geometries {
      if (frame.width, frame.height) != (geometry.width, geometry.height) {
        frame = try Self.scaled(frame, geometry, own)
      }
      for format in options.formats {
        let picture =
          format.coding.takesFrames(of: own.coding)
          ? try encoder.encode(frame, as: format) : try encoder.encode(Self.converted(frame, from: own, to: format), as: format)
        let isMain = format == own && (geometry.width, geometry.height) == (main.width, main.height)
        pictures.insert(picture, at: isMain ? 0 : pictures.endIndex)
      }
    }
    return (pictures, try Placeholder(of: frame, format: own))
  }

  private static func scaled(_ frame: borrowing Frame, _ geometry: PictureGeometry, _ format: ImageFormat) throws(MediaError)
    -> Frame
  {
    let range = format.coding.rangeName
    return try FilterGraph.run(
      frame,
      chain: "scale=\(geometry.width):\(geometry.height):flags=bicubic+accurate_rnd:in_range=\(range):out_range=\(range),"
        + "format=\(format.coding.pixelFormatName)")
  }

  private static func converted(_ frame: borrowing Frame, from: ImageFormat, to: ImageFormat) throws(MediaError) -> Frame {
    let (given, wanted) = (from.coding.rangeName, to.coding.rangeName)
    let last = "format=\(to.coding.pixelFormatName)"
    do {
      // This is six times as fast as `scale`.
      return try FilterGraph.run(frame, chain: "zscale=rangein=\(given):range=\(wanted),\(last)")
    } catch {
      // zimg does not support pictures of some shapes.
      return try FilterGraph.run(frame, chain: "scale=flags=accurate_rnd:in_range=\(given):out_range=\(wanted),\(last)")
    }
  }
}
