import Database
import Logging
import Settings
import Testing

@testable import DatabaseClient
@testable import Webhooks
@testable import retry_stuck_thumbnails

@Suite struct WorkerWakerTests {
  @Test("what was done for a person stays done where no worker can be woken for it") func wakingFailsNothing() {
    let logger = Logger(service: "test", level: .error)
    let session = Session(DatabaseSettings(connection: Secret("host=/nonexistent"), timeoutSeconds: 1), logger: logger)
    let settings = DeliverySettings(
      handlersURL: "http://127.0.0.1:1", bearer: Secret("secret"), concurrency: 1, leaseSeconds: 1, postSeconds: 1)
    let waker = WorkerWaker(queue: QueueQueries(session), settings: settings, seconds: 1, logger: logger)
    #expect(waker.wake() == 0)
  }
}
