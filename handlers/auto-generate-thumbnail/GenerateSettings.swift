internal import Auth
internal import DatabaseClient
internal import FastCGI
internal import Logging
internal import Settings
internal import Uploads

struct GenerateSettings: ProgramSettings {
  let log: LogSettings
  let identity: ProcessIdentity
  let auth: AuthSettings
  let limits: RequestLimits
  let database: DatabaseSettings
  let storage: StorageSettings
  let work: WorkSettings
  let rendering: RenderSettings

  init(_ reader: inout SettingsReader, isLasting: Bool) {
    log = LogSettings(&reader)
    identity = ProcessIdentity("auto-generate-thumbnail", isLasting: isLasting, &reader)
    auth = AuthSettings(&reader, accepting: [.service, .webhook])
    limits = RequestLimits(&reader)
    database = DatabaseSettings(&reader, of: identity)
    storage = StorageSettings(&reader)
    work = WorkSettings(&reader)
    rendering = RenderSettings(&reader)
  }
}
