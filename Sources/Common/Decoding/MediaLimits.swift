/// Caps on what a file may ask for, checked before decoding.
package struct MediaLimits: Sendable, Equatable {
  /// `MEDIA_MAX_PIXELS`: width × height of one frame (8192 × 4352 and a little: 36 million).
  package var maximumPixels = 36_000_000
  /// `MEDIA_PROBE_BYTES`: bytes read to find out what the streams are (5 MB).
  package var probeBytes = 5_000_000
  /// `MEDIA_MAX_PACKETS`: packets read for one candidate (2,000).
  package var maximumPackets = 2_000
  /// `MEDIA_MAX_FRAMES`: frames of 1280 by 720 pixels decoded one after the other where seeking leads nowhere or keyframes
  /// are no good; more of smaller and fewer of larger ones (400).
  package var maximumFrames = 400
  /// `MEDIA_SEARCH_BYTES`: bytes of pictures read in search of a good one, after which the best so far is taken (64 MiB).
  package var searchBytes = 64 << 20
  /// `MEDIA_MAX_STREAMS`: streams in one file (256).
  package var maximumStreams = 256

  /// `MEDIA_THREADS`: threads that decode one picture (2).
  package var threads = 2

  package init() {}
}
