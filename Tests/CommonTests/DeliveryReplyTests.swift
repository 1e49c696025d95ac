import Failures
import HandlerCalls
import Testing

@testable import Transfer
@testable import Webhooks

@Suite struct DeliveryReplyTests {
  struct Case: CustomTestStringConvertible {
    let status: Int
    let body: String
    var retryAfter: String?
    var worker: String?
    let reply: DeliveryReply
    var testDescription: String { "\(status) \(body)" }
  }

  @Test(arguments: [
    Case(status: 200, body: #"{"success":true,"data":{}}"#, worker: "busy", reply: .heard),
    Case(status: 202, body: #"{"success":true}"#, worker: "busy", reply: .heard),
    Case(status: 200, body: #"{"success":true,"skipped":true}"#, worker: "busy", reply: .later(seconds: 1)),
    Case(
      status: 200, body: #"{"success":true,"skipped":true,"retryAfterSeconds":7.5}"#, worker: "busy",
      reply: .later(seconds: 7.5)),
    Case(status: 200, body: #"{"success":false}"#, worker: "busy", reply: .failed(retryAfterSeconds: nil)),
    Case(status: 200, body: "<html>a parking page</html>", reply: .failed(retryAfterSeconds: nil)),
    // The platform's own function, which was there before.
    Case(status: 200, body: #"{"success":true,"data":{}}"#, reply: .failed(retryAfterSeconds: nil)),
    Case(status: 200, body: #"{"success":true,"skipped":true}"#, reply: .failed(retryAfterSeconds: nil)),
    Case(status: 409, body: #"{"success":false}"#, retryAfter: "12", reply: .failed(retryAfterSeconds: 12)),
    Case(status: 404, body: #"{"success":false,"code":"request"}"#, worker: "idle", reply: .later(seconds: 60)),
    Case(status: 404, body: #"{"success":false,"code":"request"}"#, reply: .failed(retryAfterSeconds: nil)),
    Case(status: 404, body: "<html>no such location</html>", reply: .failed(retryAfterSeconds: nil)),
    Case(status: 409, body: #"{"success":false}"#, retryAfter: "12", worker: "busy", reply: .later(seconds: 12)),
    Case(status: 422, body: #"{"success":false,"code":"media"}"#, worker: "busy", reply: .heard),
    Case(status: 502, body: #"{"success":false,"code":"source"}"#, worker: "busy", reply: .heard),
    // Where no worker runs, nginx answers by itself.
    Case(status: 502, body: #"{"success":false,"code":"lost","retryable":true}"#, reply: .failed(retryAfterSeconds: nil)),
    Case(status: 504, body: #"{"success":false,"code":"lost","retryable":true}"#, reply: .failed(retryAfterSeconds: nil)),
    Case(status: 502, body: "<html>bad gateway</html>", reply: .failed(retryAfterSeconds: nil)),
    Case(status: 503, body: #"{"success":false,"code":"storage"}"#, retryAfter: "8", reply: .failed(retryAfterSeconds: 8)),
    Case(status: 503, body: "", retryAfter: "99999999", reply: .failed(retryAfterSeconds: nil)),
    Case(status: 429, body: "", reply: .failed(retryAfterSeconds: nil)),
    Case(status: 401, body: "", reply: .failed(retryAfterSeconds: nil)),
    Case(status: 302, body: "", reply: .failed(retryAfterSeconds: nil)),
  ])
  func reply(_ given: Case) {
    var response = HTTPResponse()
    response.status = given.status
    response.body = Array(given.body.utf8)
    if let seconds = given.retryAfter { response.headers.append(Array("Retry-After: \(seconds)".utf8)) }
    if let worker = given.worker { response.headers.append(Array("Thumbnail-Worker: \(worker)".utf8)) }
    #expect(DeliveryReply(.success(response)) == given.reply)
  }

  /// An attempt that was made and has failed is heard, or the relay would report that it wakes nobody.
  @Test(arguments: FailureClass.allCases.filter { $0.consequence == .fail && $0.counts })
  func failedAttempt(_ failureClass: FailureClass) {
    var response = HTTPResponse()
    response.status = failureClass.httpStatus
    response.body = Array(#"{"success":false,"code":"\#(failureClass.rawValue)"}"#.utf8)
    response.headers.append(Array("Thumbnail-Worker: busy".utf8))
    #expect(DeliveryReply(.success(response)) == .heard)
  }

  @Test func noReplyAtAll() {
    #expect(DeliveryReply(.failure(TransferError(.timedOut, "no answer in time"))) == .failed(retryAfterSeconds: nil))
  }

  /// What operators are told of a call that came to nothing: whether it was a handler that answered.
  @Test(arguments: [
    (401, #"{"error":"Unauthorized","success":false}"#, "401", true),
    (401, "<html>401 Authorization Required</html>", "401, and not as a handler does", false),
    (401, #"{"message":"No API key found in request"}"#, "401, and not as a handler does", false),
    (403, "<html>403 Forbidden</html>", "403, and not as a handler does", false),
    (429, #"{"success":false,"error":"Too many requests from this address"}"#, "429", false),
    (502, "<html>bad gateway</html>", "502", false),
  ])
  func aCallThatCameToNothing(status: Int, body: String, outcome: String, isUnknownSecret: Bool) {
    var response = HTTPResponse()
    response.status = status
    response.body = Array(body.utf8)
    #expect(response.outcome.split(separator: ":")[0] == outcome)
    #expect(response.isUnknownSecret == isUnknownSecret)
  }

  /// A gateway may give the challenge another name, so only a handler's own says that no secret has arrived.
  @Test(arguments: [
    ("WWW-Authenticate: Bearer", true), ("www-authenticate: Bearer error=\"invalid_token\"", false),
    ("x-remapped: Bearer", false),
  ])
  func aSecretThatDoesNotArrive(challenge: String, isWithoutSecret: Bool) {
    var response = HTTPResponse()
    response.status = 401
    response.body = Array(#"{"error":"Unauthorized","success":false}"#.utf8)
    response.headers.append(Array(challenge.utf8))
    #expect(response.isWithoutSecret == isWithoutSecret)
    #expect(response.outcome.contains("no secret arrives") == isWithoutSecret)
  }
}
