package import Decoding
package import Settings

extension MediaLimits {
  package init(_ reader: inout SettingsReader) {
    self.init()
    maximumPixels = reader.integer("MEDIA_MAX_PIXELS", fallback: maximumPixels, in: 256...400_000_000)
    probeBytes = reader.integer("MEDIA_PROBE_BYTES", fallback: probeBytes, in: 4096...(1 << 30))
    maximumPackets = reader.integer("MEDIA_MAX_PACKETS", fallback: maximumPackets, in: 1...1_000_000)
    maximumFrames = reader.integer("MEDIA_MAX_FRAMES", fallback: maximumFrames, in: 1...100_000)
    searchBytes = reader.integer("MEDIA_SEARCH_BYTES", fallback: searchBytes, in: 1...(1 << 40))
    threads = reader.integer("MEDIA_THREADS", fallback: threads, in: 1...64)
    maximumStreams = reader.integer("MEDIA_MAX_STREAMS", fallback: maximumStreams, in: 1...1000)
  }
}
