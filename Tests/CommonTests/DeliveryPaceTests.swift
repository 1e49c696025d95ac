import Database
import Testing

@testable import Webhooks

@Suite struct DeliveryPaceTests {
  @Test func threeFailuresInARowLeaveOneAtATime() {
    var pace = DeliveryPace(concurrency: 8)
    #expect(pace.room == 8)
    for video in ["a", "b", "c"] as [VideoID] { pace.record(.failed(retryAfterSeconds: nil), for: video) }
    #expect(pace.room == 0)
    pace.record(.heard, for: "d")
    #expect(pace.room == 8)
  }

  @Test func aRefusalIsNoFailure() {
    var pace = DeliveryPace(concurrency: 2)
    for video in ["a", "b", "c", "d"] as [VideoID] { pace.record(.later(seconds: 5), for: video) }
    #expect(pace.room == 2)
    #expect(Set(pace.resting()) == ["a", "b", "c", "d"])
  }

  @Test(arguments: [DeliveryReply.heard, .later(seconds: 0), .failed(retryAfterSeconds: 9e9)])
  func whateverIsAnsweredRests(reply: DeliveryReply) {
    var pace = DeliveryPace(concurrency: 2)
    pace.record(reply, for: "a")
    #expect(pace.resting() == ["a"])
  }
}
