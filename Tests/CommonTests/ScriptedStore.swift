import Deadlines
import Digests

@testable import Transfer
@testable import Uploads

/// An S3 API without a network: it keeps what is put, and a behaviour may answer otherwise.
final class ScriptedStore: HTTPTransport {
  struct Answer {
    var status: Int
    var fields: [(String, String)] = []
    var body = ""
    var failure: TransferError.Kind?
    /// Whether the store has taken the bytes though it answers so.
    var stores = false
  }

  struct Call {
    let request: HTTPRequest
    let number: Int
    /// What is stored under the key.
    let stored: [UInt8]?
    var method: String { request.method.rawValue }
  }

  private let behaviour: (Call) -> Answer?
  private(set) var objects: [String: [UInt8]] = [:]
  private(set) var calls: [Call] = []

  /// - Parameter behaviour: nil for what an honest store does.
  init(_ behaviour: @escaping (Call) -> Answer? = { _ in nil }) {
    self.behaviour = behaviour
  }

  var methods: [String] { calls.map(\.method) }

  func perform(_ request: HTTPRequest, bodyLimit: ((HTTPResponse) -> Int)?, progress: @escaping () throws -> Void) throws
    -> HTTPResponse
  {
    let call = Call(request: request, number: calls.count + 1, stored: objects[request.url])
    calls.append(call)
    let special = behaviour(call)
    let takes = special == nil ? true : special!.stores
    let answer = special ?? honest(call)
    if takes {
      if request.method == .put { objects[request.url] = request.body }
      if request.method == .delete { objects[request.url] = nil }
    }
    var response = HTTPResponse()
    response.status = answer.status
    for (name, value) in answer.fields { response.headers.append(Array("\(name): \(value)\r\n".utf8)) }
    response.body = request.method == .get && special == nil ? call.stored ?? [] : Array(answer.body.utf8)
    if let failure = answer.failure { throw TransferError(failure, "it broke", partial: response) }
    return response
  }

  private func honest(_ call: Call) -> Answer {
    switch call.request.method {
    case .put:
      let isConditional = call.request.headers.contains { $0.name == "If-None-Match" }
      if isConditional && call.stored != nil { return Answer(status: 412) }
      return Answer(status: 200, fields: [("ETag", "\"\(MD5.hex(call.request.body ?? [])!)\"")])
    case .delete: return Answer(status: 204)
    case .head, .get, .post:
      guard let stored = call.stored else { return Answer(status: 404) }
      return Answer(status: 200, fields: [("ETag", "\"\(MD5.hex(stored)!)\""), ("Content-Length", "\(stored.count)")])
    }
  }
}
