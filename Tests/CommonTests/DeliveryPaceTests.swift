import Database
import Testing

@testable import Webhooks

@Suite struct DeliveryPaceTests {
  @Test func threeFailuresInARowLeaveOneAtATime() {
    var pace = DeliveryPace(concurrency: 8)
    #expect(pace.room(now: 0) == 8)
    for video in ["a", "b", "c"] as [VideoID] { pace.record(.failed(retryAfterSeconds: nil), for: video, now: 0) }
    #expect([0, 0.19, 0.2, 9].map { pace.room(now: $0) } == [0, 0, 1, 1])
    pace.record(.heard, for: "d", now: 9)
    #expect(pace.room(now: 9) == 8)
  }

  @Test("a video's failures are remembered for two minutes after its rest", arguments: [(60.0, 2.0), (123, 1)])
  func failuresAreForgotten(later: Double, mostSeconds: Double) {
    var pace = DeliveryPace(concurrency: 2)
    pace.record(.failed(retryAfterSeconds: 2), for: "a", now: 0)
    #expect(pace.resting(now: later).isEmpty)
    pace.record(.failed(retryAfterSeconds: nil), for: "a", now: later)
    #expect(pace.resting(now: later + mostSeconds / 2 - 0.01) == ["a"])
    #expect(pace.resting(now: later + mostSeconds).isEmpty)
  }

  @Test func aRefusalIsNoFailure() {
    var pace = DeliveryPace(concurrency: 2)
    for video in ["a", "b", "c", "d"] as [VideoID] { pace.record(.later(seconds: 5), for: video, now: 0) }
    #expect(pace.room(now: 0) == 2)
    #expect(Set(pace.resting(now: 4.9)) == ["a", "b", "c", "d"])
    #expect(pace.resting(now: 5).isEmpty)
  }

  @Test(arguments: [(DeliveryReply.heard, 0.05), (.later(seconds: 0), 0.05), (.failed(retryAfterSeconds: 9e9), 60)])
  func whateverIsAnsweredRests(reply: DeliveryReply, seconds: Double) {
    var pace = DeliveryPace(concurrency: 2)
    pace.record(reply, for: "a", now: 0)
    #expect(pace.resting(now: seconds - 0.01) == ["a"])
    #expect(pace.resting(now: seconds).isEmpty)
  }
}
