internal import Auth
internal import DatabaseClient
internal import FastCGI
internal import Logging
internal import Media
internal import Settings
internal import Transfer
internal import Uploads

/// Everything auto-generate-thumbnail can be told.
struct HandlerSettings {
  let logLevel: LogLevel
  let auth: AuthSettings
  let limits: RequestLimits
  let database: DatabaseSettings
  let storage: StorageSettings
  let work: WorkSettings
  let rendering: RenderSettings

  init(_ environment: Environment) throws(SettingsError) {
    var reader = SettingsReader(environment)
    logLevel = reader.choice("LOG_LEVEL", fallback: .info)
    auth = AuthSettings(&reader, accepting: [.service, .webhook])
    limits = RequestLimits(&reader)
    database = DatabaseSettings(&reader)
    storage = StorageSettings(&reader)
    work = WorkSettings(&reader)
    rendering = RenderSettings(&reader)
    try reader.finish()
  }
}

/// How a claimed row is worked on.
struct WorkSettings {
  /// `LEASE_SECONDS`: how long a claim holds without renewal (30).
  let leaseSeconds: Double
  /// `OBJECT_KEEP_SECONDS`: how long a replaced object is kept before the garbage collector may remove it (24 h).
  let keepSeconds: Double

  init(_ reader: inout SettingsReader) {
    leaseSeconds = reader.seconds("LEASE_SECONDS", fallback: 30, in: 0.5...3600)
    keepSeconds = reader.seconds("OBJECT_KEEP_SECONDS", fallback: 86_400, in: 0...31_536_000)
  }
}

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
