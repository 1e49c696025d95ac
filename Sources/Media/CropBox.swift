/// What a container says is to be cut off a coded picture on each side, in pixels of that picture.
struct CropBox: Equatable, Sendable {
  var left = 0
  var top = 0
  var right = 0
  var bottom = 0

  /// The filter that cuts a picture of that size; nil where there is nothing to cut, or nothing would be left: chroma of a single row or
  /// column is none.
  func filter(width: Int, height: Int) -> String? {
    let (across, down) = (width - left - right, height - top - bottom)
    guard min(left, top, right, bottom) >= 0, across > 1, down > 1, across < width || down < height else { return nil }
    return "crop=\(across):\(down):\(left):\(top)"
  }

  /// The size that is left of a picture.
  func size(ofWidth width: Int, height: Int) -> (width: Int, height: Int) {
    filter(width: width, height: height) == nil ? (width, height) : (width - left - right, height - top - bottom)
  }
}
