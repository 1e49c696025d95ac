import Database
import FastCGI
import Testing

@testable import auto_generate_thumbnail

@Suite struct ClaimReplyTests {
  static let outcomes: [ClaimRefusal] = [
    .busy(retryAfterSeconds: 5), .notDue(retryAfterSeconds: 90, reason: "a reason"),
    .notDue(retryAfterSeconds: .infinity, reason: nil),
    .completed(thumbnailURL: "https://pictures.example/a.jpg"), .exhausted(reason: "a reason"),
    .notFinished(status: "processing"), .notFound,
  ]

  private func text(_ response: Response) -> String {
    "\(response.status) \(response.headers.map { "\($0.name)=\($0.value)" }) \(String(decoding: response.body, as: UTF8.self))"
  }

  @Test("a webhook learns that there is nothing to do, and nothing else", arguments: outcomes)
  func discreet(outcome: ClaimRefusal) {
    let same = text(ClaimReply.discreetResponse(.notFound, videoID: "id"))
    #expect(same.hasPrefix("200 "))
    #expect(text(ClaimReply.discreetResponse(outcome, videoID: "id")) == same)
  }

  @Test func aWebhookLearnsOfAPauseNotItsReason() {
    let paused = ClaimRefusal.paused(retryAfterSeconds: 9, code: "configuration", reason: "the bucket is gone")
    let answer = text(ClaimReply.discreetResponse(paused, videoID: "id"))
    #expect(answer.hasPrefix("503 "))
    #expect(answer.contains("Retry-After=9"))
    #expect(answer.contains(#""code":"configuration""#))
    #expect(!answer.contains("bucket"))
  }

  @Test("a pause has the class of its breaker", arguments: ["storage", "configuration", "manual"])
  func classOfAPause(code: String) {
    let outcome = ClaimRefusal.paused(retryAfterSeconds: 9, code: code, reason: nil)
    for response in [ClaimReply.response(outcome, videoID: "id"), ClaimReply.discreetResponse(outcome, videoID: "id")] {
      let answer = text(response)
      #expect(answer.contains(#""code":"\#(code)""#))
      #expect(answer.contains("by a person") == (code == "manual"))
    }
  }

  @Test("no answer stops the worker", arguments: [Double.infinity, .nan, -.infinity, 1e300])
  func absurdTimes(seconds: Double) {
    for outcome: ClaimRefusal in [
      .busy(retryAfterSeconds: seconds), .paused(retryAfterSeconds: seconds, code: "storage", reason: nil),
      .notDue(retryAfterSeconds: seconds, reason: nil),
    ] {
      // What cannot be encoded as JSON is answered by this.
      #expect(ClaimReply.response(outcome, videoID: "id").body != Array(#"{"success":false}"#.utf8))
    }
  }
}
