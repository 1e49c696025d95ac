internal import DecoderClient
internal import Decoding
internal import Settings
internal import Transfer

/// The settings of the pipeline from URL to picture. All have defaults.
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
