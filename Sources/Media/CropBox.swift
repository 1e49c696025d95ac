/// The pixels to crop from each side of a coded picture, as the container tells.
struct CropBox: Equatable, Sendable {
  var left = 0
  var top = 0
  var right = 0
  var bottom = 0

  /// The filter that crops a picture of that size. Nil if there is nothing to crop or too little would be left: a single row or column has
  /// no chroma.
  func filter(width: Int, height: Int) -> String? {
    let (across, down) = (width - left - right, height - top - bottom)
    guard min(left, top, right, bottom) >= 0, across > 1, down > 1, across < width || down < height else { return nil }
    return "crop=\(across):\(down):\(left):\(top)"
  }

  /// The size of the picture after the crop.
  func size(ofWidth width: Int, height: Int) -> (width: Int, height: Int) {
    filter(width: width, height: height) == nil ? (width, height) : (width - left - right, height - top - bottom)
  }
}
