import Database
import Testing

@testable import Transfer
@testable import Webhooks

@Suite struct DeliveryReplyTests {
  struct Case: CustomTestStringConvertible {
    let status: Int
    let body: String
    var retryAfter: String?
    let settlement: Settlement
    var testDescription: String { "\(status) \(body)" }
  }

  @Test(arguments: [
    Case(status: 200, body: #"{"success":true,"data":{}}"#, settlement: .done),
    Case(status: 202, body: #"{"success":true}"#, settlement: .done),
    Case(status: 200, body: #"{"success":true,"skipped":true}"#, settlement: .done),
    Case(status: 200, body: #"{"success":true,"skipped":true,"retryAfterSeconds":7.5}"#, settlement: .later(seconds: 7.5)),
    Case(status: 200, body: #"{"success":false}"#, settlement: .later(seconds: nil)),
    Case(status: 200, body: "<html>a parking page</html>", settlement: .later(seconds: nil)),
    Case(status: 404, body: #"{"success":false,"code":"request"}"#, settlement: .done),
    Case(status: 404, body: "<html>no such location</html>", settlement: .later(seconds: nil)),
    Case(status: 409, body: #"{"success":false}"#, retryAfter: "12", settlement: .later(seconds: 12)),
    Case(status: 503, body: "", retryAfter: "99999999", settlement: .later(seconds: nil)),
    Case(status: 401, body: "", settlement: .later(seconds: nil)),
    Case(status: 302, body: "", settlement: .later(seconds: nil)),
  ])
  func settlement(_ given: Case) {
    var response = HTTPResponse()
    response.status = given.status
    response.body = Array(given.body.utf8)
    if let seconds = given.retryAfter { response.headers.append(Array("Retry-After: \(seconds)".utf8)) }
    #expect(DeliveryReply.settlement(.success(response)) == given.settlement)
  }

  @Test func noReplyAtAll() {
    #expect(DeliveryReply.settlement(.failure(TransferError(.timedOut, "no answer in time"))) == .later(seconds: nil))
  }

  @Test func nothingIsLeasedAheadForASlowHandler() {
    var lookahead = Lookahead(concurrency: 8)
    #expect(lookahead.count() == 0)
    lookahead.ended(1_000_000)
    #expect(lookahead.count() == 256)
    #expect(lookahead.last == 256)
    #expect(lookahead.count() == 0)
  }
}
