internal import DecoderClient
internal import Decoding
internal import Settings
internal import Transfer

/// What the pipeline from URL to picture needs; all of it has defaults.
struct RenderSettings {
  var source: SourceSettings
  let decoder: DecoderSettings
  let media: MediaLimits
  let thumbnail: ThumbnailOptions

  init(_ reader: inout SettingsReader) {
    source = SourceSettings(&reader)
    decoder = DecoderSettings(&reader)
    media = MediaLimits(&reader)
    thumbnail = ThumbnailOptions(&reader)
  }
}
