package import Settings

/// Caps on what a file may ask for, checked before decoding.
package struct MediaLimits: Sendable {
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

  package init(_ reader: inout SettingsReader) {
    maximumPixels = reader.integer("MEDIA_MAX_PIXELS", fallback: maximumPixels, in: 256...400_000_000)
    probeBytes = reader.integer("MEDIA_PROBE_BYTES", fallback: probeBytes, in: 4096...(1 << 30))
    maximumPackets = reader.integer("MEDIA_MAX_PACKETS", fallback: maximumPackets, in: 1...1_000_000)
    maximumFrames = reader.integer("MEDIA_MAX_FRAMES", fallback: maximumFrames, in: 1...100_000)
    searchBytes = reader.integer("MEDIA_SEARCH_BYTES", fallback: searchBytes, in: 1...(1 << 40))
    threads = reader.integer("MEDIA_THREADS", fallback: threads, in: 1...64)
    maximumStreams = reader.integer("MEDIA_MAX_STREAMS", fallback: maximumStreams, in: 1...1000)
  }
}
