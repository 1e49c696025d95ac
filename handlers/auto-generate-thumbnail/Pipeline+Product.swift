internal import Decoding

extension Pipeline {
  /// A picture and what it cost.
  struct Product {
    let thumbnail: Thumbnail
    let bytesFetched: Int
    let requests: Int
    /// Time spent waiting for the origin, in milliseconds.
    let fetchMilliseconds: Double
  }

  /// Some moments of a video, each with a small JPEG.
  struct Survey {
    let moments: Moments
    let bytesFetched: Int
    let requests: Int
  }
}
