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

struct RetrySettings: ProgramSettings {
  let log: LogSettings
  let identity: ProcessIdentity
  let auth: AuthSettings
  let limits: RequestLimits
  let database: DatabaseSettings
  let delivery: DeliverySettings
  /// How many seconds one request waits for the answers of the workers it wakes.
  let deliverySeconds: Double
  /// The secret that the database's webhooks may present; nil if it is not set.
  let webhookSecret: Secret?
  /// The store of the thumbnails; nil if it is not set, and then no garbage is collected.
  let storage: StorageSettings?
  let collection: CollectionSettings
  /// How many seconds one request collects garbage; 0 for never.
  let collectionSeconds: Double

  init(_ reader: inout SettingsReader, isLasting: Bool) {
    log = LogSettings(&reader)
    identity = ProcessIdentity("retry-stuck-thumbnails", isLasting: isLasting, &reader)
    auth = AuthSettings(&reader, accepting: [.service, .cron])
    limits = RequestLimits(&reader)
    database = DatabaseSettings(&reader, of: identity)
    delivery = DeliverySettings(&reader)
    deliverySeconds = reader.seconds(
      "RETRY_DELIVERY_SECONDS", fallback: 5, in: 0...25,
      meaning: "seconds one request waits for the answers of the workers it wakes")
    webhookSecret = reader.webhookSecret()
    storage = StorageSettings(ifAny: &reader)
    collection = CollectionSettings(&reader)
    collectionSeconds = reader.seconds(
      "GC_SECONDS", fallback: 3, in: 0...15,
      meaning: "seconds a sweep collects garbage before its answer, where it knows the store; 0: never, nor after it")
  }

  /// The hashes that the database may compare with its own settings.
  var hashes: SecretHashes {
    SecretHashes(
      webhook: webhookSecret.map { SHA256.hex($0.exposed.utf8) },
      service: auth.service.map { SHA256.hex($0.exposed.utf8) })
  }
}
