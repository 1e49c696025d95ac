extension Pipeline {
  /// What was made of a video, and what it cost.
  struct Product<Made> {
    let made: Made
    let bytesFetched: Int
    let requests: Int
    /// Time spent waiting for the origin, in milliseconds.
    let fetchMilliseconds: Double
  }
}
