/// Caps on what a file may ask for, checked before decoding.
package struct MediaLimits: Sendable, Equatable {
  /// `MEDIA_MAX_PIXELS`: width × height of one frame (8192 × 4352 and a little: 36 million).
  package var maximumPixels = 36_000_000
  /// `MEDIA_PROBE_BYTES`: bytes read to find out what the streams are (5 MB).
  package var probeBytes = 5_000_000
  /// `MEDIA_MAX_PACKETS`: packets read for one candidate (2,000).
  package var maximumPackets = 2_000
  /// `MEDIA_MAX_FRAMES`: frames decoded one after the other where seeking leads nowhere (400).
  package var maximumFrames = 400
  /// `MEDIA_MAX_STREAMS`: streams in one file (64).
  package var maximumStreams = 64
  /// `MEDIA_THREADS`: threads that decode one picture (2).
  package var threads = 2

  package init() {}
}
