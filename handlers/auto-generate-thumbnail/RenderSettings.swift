internal import Media
internal import Settings
internal import Transfer

/// What the pipeline from URL to picture needs; all of it has defaults.
struct RenderSettings {
  var source: SourceSettings
  let media: MediaLimits
  let thumbnail: ThumbnailOptions

  init(_ reader: inout SettingsReader) {
    source = SourceSettings(&reader)
    media = MediaLimits(&reader)
    thumbnail = ThumbnailOptions(&reader)
  }
}
