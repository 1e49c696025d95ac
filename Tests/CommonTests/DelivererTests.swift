import Database
import Logging
import Settings
import Testing
import Transfer

@testable import Webhooks

@Suite struct DelivererTests {
  private let workers = ScriptedWorkers()
  private let deliverer: Deliverer

  init() {
    deliverer = Self.deliverer(workers, concurrency: 4, leaseSeconds: 600)
  }

  /// All happens at one moment.
  private static func deliverer(_ workers: ScriptedWorkers, concurrency: Int, leaseSeconds: Double) -> Deliverer {
    Deliverer(
      workers,
      settings: DeliverySettings(
        handlersURL: "http://handlers", bearer: Secret("a bearer secret"), concurrency: concurrency, leaseSeconds: leaseSeconds,
        postSeconds: 600),
      transport: workers, clock: { 0 }, logger: Logger(service: "test", level: .error))
  }

  @Test func whatIsDueIsPosted() throws {
    workers.due = ["a", "b"]
    #expect(try deliverer.startDue() == .started(2))
    #expect(workers.bodies == workers.due.map { #"{"videoId":"\#($0)"}"# })
    let request = workers.posts[0].request
    #expect(request.url == "http://handlers/functions/v1/auto-generate-thumbnail")
    #expect(request.headers.contains { $0 == ("Authorization", "Bearer a bearer secret") })
    #expect(request.headers.contains { $0 == ("Prefer", "respond-async") })
    #expect(request.lostPeerSeconds == 4)
  }

  @Test func nothingIsPostedTwiceAtATime() throws {
    workers.due = ["a"]
    #expect(try deliverer.startDue() == .started(1))
    #expect(try deliverer.startDue() == .nothingDue)
  }

  @Test func thereIsRoomForSoMany() throws {
    workers.due = (1...9).map { VideoID(stringLiteral: "\($0)") }
    #expect(try deliverer.startDue() == .started(4))
    #expect(try deliverer.startDue() == .waiting)
    #expect(deliverer.inFlight == 4)
  }

  @Test func aBusyWorkerEndsTheWaking() throws {
    workers.due = (1...9).map { VideoID(stringLiteral: "\($0)") }
    _ = try deliverer.startDue()
    for _ in 1...4 { workers.answer(202, #"{"success":true}"#, worker: "busy") }
    #expect(deliverer.settleFinished(waiting: 0) == (4, 4))
    #expect(try deliverer.startDue() == .waiting)
    #expect(deliverer.areAllAwake)
  }

  @Test func anIdleOneSaysThatThereMayBeMore() throws {
    workers.due = (1...9).map { VideoID(stringLiteral: "\($0)") }
    _ = try deliverer.startDue()
    for _ in 1...4 { workers.answer(202, #"{"success":true}"#, worker: "idle") }
    deliverer.settleFinished(waiting: 0)
    workers.due.removeFirst(4)
    #expect(try deliverer.startDue() == .started(4))
  }

  @Test(arguments: [
    (200, #"{"success":true,"skipped":true,"retryAfterSeconds":30}"#, "idle"), (409, #"{"success":false}"#, "idle"),
    (404, #"{"success":false,"code":"request"}"#, "idle"), (401, "", nil), (429, "", nil),
    (503, #"{"success":false,"code":"storage"}"#, "idle"), (200, "<html>another program</html>", nil),
    (200, #"{"success":true}"#, nil),
  ])
  func oneThatWasNotTakenRests(_ status: Int, _ body: String, _ worker: String?) throws {
    workers.due = ["a"]
    _ = try deliverer.startDue()
    workers.answer(status, body, worker: worker)
    #expect(deliverer.settleFinished(waiting: 0) == (1, 0))
    // Not posted, and not forgotten: who goes on until nothing is due waits for it.
    #expect(try deliverer.startDue() == .waiting)
    #expect(deliverer.inFlight == 0)
  }

  @Test func whoCannotBeReachedIsAskedByOneAtATime() throws {
    workers.due = (1...9).map { VideoID(stringLiteral: "\($0)") }
    _ = try deliverer.startDue()
    for _ in 1...4 { workers.fail(TransferError(.unreachable, "refused")) }
    #expect(deliverer.settleFinished(waiting: 0) == (4, 0))
    // Not now, and then one.
    #expect(try deliverer.startDue() == .waiting)
  }

  @Test(
    arguments: [
      (401, #"{"error":"Unauthorized","success":false}"#, nil, "auto-generate-thumbnail answers 401"),
      (
        401, "", nil,
        "auto-generate-thumbnail answers 401, and not as a handler does: a web server or gateway in front of it lets nobody through"
      ), (503, "", nil, "auto-generate-thumbnail answers 503"),
      (
        301, "", nil,
        "auto-generate-thumbnail answers 301, a redirect: the URL has to be the handlers' own, with https:// where that is asked for"
      ),
      (
        200, #"{"success":true}"#, nil,
        "auto-generate-thumbnail answers 200, and not as a handler does: the URL has to be the handlers' own"
      ),
      // Paused, say: it was there, and has said so.
      (503, #"{"success":false,"code":"storage"}"#, "idle", nil),
      (401, #"{"error":"Unauthorized","success":false}"#, "idle", "auto-generate-thumbnail answers 401"),
    ] as [(Int, String, String?, String?)])
  func threePostsThatNobodyHeardAreTrouble(_ status: Int, _ body: String, _ worker: String?, _ trouble: String?) throws {
    workers.due = ["a", "b", "c"]
    _ = try deliverer.startDue()
    for _ in 1...2 { workers.answer(status, body, worker: worker) }
    deliverer.settleFinished(waiting: 0)
    #expect(deliverer.trouble == nil)
    workers.answer(status, body, worker: worker)
    deliverer.settleFinished(waiting: 0)
    #expect(deliverer.trouble == trouble)
  }

  @Test func onePostThatIsHeardEndsTheTrouble() throws {
    let deliverer = Self.deliverer(workers, concurrency: 5, leaseSeconds: 600)
    workers.due = ["a", "b", "c", "d", "e"]
    _ = try deliverer.startDue()
    for _ in 1...3 { workers.answer(401, "") }
    deliverer.settleFinished(waiting: 0)
    #expect(deliverer.trouble != nil)
    workers.answer(202, #"{"success":true}"#, worker: "idle")
    deliverer.settleFinished(waiting: 0)
    #expect(deliverer.trouble == nil)
    workers.answer(401, "")
    deliverer.settleFinished(waiting: 0)
    #expect(deliverer.trouble == nil)
  }

  @Test func postsThatHangKeepSomeRoomFromOthersAndNotAll() throws {
    let hanging = Self.deliverer(workers, concurrency: 2, leaseSeconds: 0)
    workers.due = (1...99).map { VideoID(stringLiteral: "\($0)") }
    for _ in 1...4 { #expect(try hanging.startDue() == .started(2)) }
    #expect(try hanging.startDue() == .waiting)
  }

  @Test func whatIsUnderWayIsWaitedForAtTheEnd() throws {
    workers.due = ["a"]
    _ = try deliverer.startDue()
    workers.answer(202, #"{"success":true}"#)
    deliverer.close(graceSeconds: 5)
    #expect(deliverer.inFlight == 0)
  }
}
