package import Decoding
package import Settings

extension MediaLimits {
  /// Reads the settings `MEDIA_…` that limit a file. One that is out of range is reported to the reader and replaced by its default.
  package init(_ reader: inout SettingsReader) {
    self.init()
    reader.begin("What a file may ask for; what is read: [formats.md](formats.md)")
    maximumPixels = reader.integer(
      "MEDIA_MAX_PIXELS", fallback: maximumPixels, in: 256...400_000_000, meaning: "width × height of one frame")
    probeBytes = reader.integer(
      "MEDIA_PROBE_BYTES", fallback: probeBytes, in: 4096...(1 << 30),
      meaning: "bytes read to find out what the streams are")
    maximumPackets = reader.integer(
      "MEDIA_MAX_PACKETS", fallback: maximumPackets, in: 1...1_000_000, meaning: "packets read for one candidate")
    maximumFrames = reader.integer(
      "MEDIA_MAX_FRAMES", fallback: maximumFrames, in: 1...100_000,
      meaning: "frames of 1280 by 720 pixels decoded in a row if there is no keyframe to seek to; "
        + "more if they are smaller, fewer if larger")
    searchBytes = reader.integer(
      "MEDIA_SEARCH_BYTES", fallback: searchBytes, in: 1...(1 << 40),
      meaning: "bytes read in search of a good picture, at most three quarters of `SOURCE_MAX_BYTES`, after which the best so "
        + "far is taken")
    searchSeconds = reader.integer(
      "MEDIA_SEARCH_SECONDS", fallback: searchSeconds, in: 1...3600,
      meaning: "seconds of processor time spent in search of a good picture, after which the best so far is taken")
    threads = reader.integer(
      "MEDIA_THREADS", fallback: threads, in: 1...64, meaning: "threads that decode one picture; H.264 has one")
    maximumStreams = reader.integer("MEDIA_MAX_STREAMS", fallback: maximumStreams, in: 1...1000, meaning: "streams in one file")
  }
}
