internal import Auth
internal import DatabaseClient
internal import FastCGI
internal import Logging
internal import Settings
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
