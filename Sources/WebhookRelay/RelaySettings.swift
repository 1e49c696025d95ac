internal import DatabaseClient
internal import Logging
internal import Settings
internal import Webhooks

struct RelaySettings: ProgramSettings {
  let log: LogSettings
  let identity: ProcessIdentity
  /// From `RELAY_DATABASE_URL`, a direct connection, or else `DATABASE_URL`.
  let database: DatabaseSettings
  let delivery: DeliverySettings

  init(_ reader: inout SettingsReader, isLasting: Bool) {
    log = LogSettings(&reader)
    identity = ProcessIdentity("webhook-relay", isLasting: isLasting, &reader)
    database = DatabaseSettings(&reader, of: identity, preferring: "RELAY_DATABASE_URL")
    delivery = DeliverySettings(&reader)
  }
}
