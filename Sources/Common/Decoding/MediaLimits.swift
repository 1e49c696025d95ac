/// Caps on what a file may ask for, checked before it is decoded and meanwhile.
package struct MediaLimits: Sendable, Equatable {
  /// Width × height of one frame: 8192 × 4352 and a little.
  package var maximumPixels = 36_000_000
  /// Bytes read to find out what the streams are.
  package var probeBytes = 5_000_000
  /// Packets read for one candidate.
  package var maximumPackets = 2_000
  /// Frames of 1280 by 720 pixels decoded one after the other where seeking leads nowhere or keyframes
  /// are no good; more of smaller and fewer of larger ones.
  package var maximumFrames = 400
  /// Bytes of pictures read in search of a good one, after which the best so far is taken.
  package var searchBytes = 64 << 20
  /// Streams in one file.
  package var maximumStreams = 256

  /// Threads that decode one picture.
  package var threads = 2

  /// The defaults of the settings `MEDIA_…`.
  package init() {}
}
