import Database
import Testing

@testable import Webhooks

@Suite struct WakePaceTests {
  private let due: [VideoID] = ["a", "b", "c", "d"]

  @Test func idleWorkersAreWokenAsLongAsThereAreSome() {
    var pace = WakePace()
    #expect(pace.choose(due, room: 2, longestWait: 0, now: 0) == ["a", "b"])
    pace.answered(wokeIdleWorker: true)
    #expect(pace.choose(["c", "d"], room: 8, longestWait: 0, now: 0.01) == ["c", "d"])
  }

  @Test func aBusyWorkerSaysThatAllAreAwake() {
    var pace = WakePace()
    pace.answered(wokeIdleWorker: false)
    #expect(pace.choose(due, room: 8, longestWait: 0, now: 0) == [])
  }

  @Test func soDoesAPostThatWaits() {
    var pace = WakePace()
    #expect(pace.choose(due, room: 8, longestWait: 0.5, now: 0) == [])
    // Answered by who knows whom: what is believed stays.
    pace.answered(wokeIdleWorker: nil)
    #expect(pace.choose(due, room: 8, longestWait: 0, now: 0.1) == [])
    pace.answered(wokeIdleWorker: true)
    #expect(pace.choose(due, room: 8, longestWait: 0, now: 0.2) == due)
  }

  @Test func aQueueThatStandsStillIsWokenOneByOne() {
    var pace = WakePace()
    pace.answered(wokeIdleWorker: false)
    #expect(pace.choose(due, room: 8, longestWait: 0, now: 10) == [])
    // It has moved on.
    #expect(pace.choose(["b", "c"], room: 8, longestWait: 0, now: 10.2) == [])
    #expect(pace.choose(["b", "c"], room: 0, longestWait: 0, now: 10.3) == [])
    #expect(pace.choose(["b", "c"], room: 8, longestWait: 0, now: 10.3) == ["b"])
  }

  @Test func whenNothingIsDueWorkersBecomeIdle() {
    var pace = WakePace()
    pace.answered(wokeIdleWorker: false)
    #expect(pace.choose([], room: 8, longestWait: 0, now: 0) == [])
    #expect(pace.choose(due, room: 8, longestWait: 0, now: 0.01) == due)
  }
}
