internal import Auth
internal import Database
internal import DatabaseClient
internal import Digests
internal import FastCGI
internal import GarbageCollection
internal import Logging
internal import Settings
internal import Uploads
internal import Webhooks

/// Everything retry-stuck-thumbnails can be told.
struct HandlerSettings {
  let log: LogSettings
  let identity: ProcessIdentity
  let auth: AuthSettings
  let limits: RequestLimits
  let database: DatabaseSettings
  let delivery: DeliverySettings
  /// `RETRY_DELIVERY_SECONDS`: how long one request waits for the answers of the workers it wakes (5).
  let deliverySeconds: Double
  /// `WEBHOOK_SECRET`, as the database may know it; nil where it is not set.
  let webhookSecret: Secret?
  /// Where thumbnails are kept; nil where it is not said, and then nothing is collected here.
  let storage: StorageSettings?
  let collection: CollectionSettings
  /// `GC_SECONDS`: how long one request collects garbage (3); 0: never.
  let collectionSeconds: Double

  /// - Parameter isLasting: whether the process serves many requests.
  init(_ environment: Environment, isLasting: Bool = true) throws(SettingsError) {
    var reader = SettingsReader(environment)
    log = LogSettings(&reader)
    identity = ProcessIdentity("retry-stuck-thumbnails", isLasting: isLasting, reader)
    auth = AuthSettings(&reader, accepting: [.service, .cron])
    limits = RequestLimits(&reader)
    var database = DatabaseSettings(&reader)
    database.applicationName = identity.name
    self.database = database
    delivery = DeliverySettings(&reader)
    deliverySeconds = reader.seconds("RETRY_DELIVERY_SECONDS", fallback: 5, in: 0...25)
    webhookSecret = reader.secret("WEBHOOK_SECRET")
    storage = StorageSettings(ifAny: &reader)
    collection = CollectionSettings(&reader)
    collectionSeconds = reader.seconds("GC_SECONDS", fallback: 3, in: 0...15)
    try reader.finish()
  }

  /// What the database may compare with its own settings.
  var hashes: SecretHashes {
    SecretHashes(
      webhook: webhookSecret.map { SHA256.hex(Array($0.exposed.utf8)) },
      service: auth.service.map { SHA256.hex(Array($0.exposed.utf8)) })
  }
}
