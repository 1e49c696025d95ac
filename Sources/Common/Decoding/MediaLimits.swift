/// Limits on what a file may require. They are checked before it is decoded and during that.
package struct MediaLimits: Sendable, Equatable {
  /// Width × height of one frame: slightly more than 8192 × 4352.
  package var maximumPixels = 36_000_000
  /// The most bytes to read to identify the streams.
  package var probeBytes = 5_000_000
  /// The most packets to read for one candidate.
  package var maximumPackets = 2_000
  /// The most frames of 1280 by 720 pixels to decode one after another if seeking fails or keyframes are no good; more for smaller and
  /// fewer for larger frames.
  package var maximumFrames = 400
  /// The most bytes to read in search of a good picture; then the best so far is taken.
  package var searchBytes = 64 << 20
  /// The most seconds of processor time to spend in search of a good picture; then the best so far is taken.
  package var searchSeconds = 20
  /// When that is: the processor time of the process at which this video's search ends. It is set where the work begins, and in no message.
  package var searchEnd = Double.infinity
  /// The longer side of the largest picture that is to be made, in pixels. It is set where the work begins, and in no message.
  package var wantedSide = AspectRatio.usualSide
  /// The most streams in one file.
  package var maximumStreams = 256
  /// Threads that decode one picture.
  package var threads = 2

  /// The defaults of the settings `MEDIA_…`.
  package init() {}
}
