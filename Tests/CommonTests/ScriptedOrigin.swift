import Deadlines

@testable import Transfer

/// An origin without a network: a behaviour answers each request, and the answer is cut and breaks off as libcurl would have it.
final class ScriptedOrigin: HTTPTransport {
  /// One answer, and how it ends.
  struct Answer {
    var status: Int
    var fields: [(String, String)] = []
    var body: ArraySlice<UInt8> = []
    /// Thrown after the body instead of a good end.
    var failure: TransferError.Kind?
  }

  /// What the origin sees of a request.
  struct Call {
    let request: HTTPRequest
    /// 1 for the first.
    let number: Int
    /// 1 for the first to this URL.
    let numberOfURL: Int
    /// The range within the file, as far as it is in the file; nil where the whole is asked for.
    let range: Range<Int64>?
    /// The range as it was asked for.
    let asked: ClosedRange<Int64>?
    let file: [UInt8]

    var path: String { "/" + request.url.split(separator: "/", maxSplits: 2).dropFirst(2).joined() }
    func header(_ name: String) -> String? { request.headers.last { $0.name == name }?.value }
  }

  let file: [UInt8]
  private let behaviour: (Call) -> Answer
  private(set) var calls: [Call] = []
  private(set) var bytesSent = 0

  init(_ file: [UInt8], _ behaviour: @escaping (Call) -> Answer) {
    self.file = file
    self.behaviour = behaviour
  }

  func perform(
    _ request: HTTPRequest, bodyLimit: ((HTTPResponse) -> Int)?, progress: @escaping () throws -> Void
  ) throws -> HTTPResponse {
    let size = Int64(file.count)
    let range = request.range.map { min($0.lowerBound, size)..<max(min($0.lowerBound, size), min($0.upperBound + 1, size)) }
    let call = Call(
      request: request, number: calls.count + 1, numberOfURL: calls.filter { $0.request.url == request.url }.count + 1,
      range: range,
      asked: request.range, file: file)
    calls.append(call)
    let answer = behaviour(call)
    var response = HTTPResponse()
    response.status = answer.status
    for (name, value) in answer.fields { response.headers.append(Array("\(name): \(value)\r\n".utf8)) }
    let limit = answer.body.isEmpty ? 0 : bodyLimit?(response) ?? request.maximumBodyBytes
    response.body = Array(answer.body.prefix(limit))
    bytesSent += response.body.count
    try progress()
    if answer.body.count > limit { throw TransferError(.tooLarge, "longer than wanted", partial: response) }
    if let failure = answer.failure { throw TransferError(failure, "it broke", partial: response) }
    return response
  }
}

extension ScriptedOrigin.Call {
  typealias Answer = ScriptedOrigin.Answer

  /// An honest 206 for `range`, or for another one; the whole file where none was asked for.
  func part(_ other: Range<Int64>? = nil, tag: String? = "\"one\"", total: String? = nil, fields: [(String, String)] = [])
    -> Answer
  {
    guard let range = other ?? range else { return whole(tag: tag, fields: fields) }
    if range.isEmpty { return Answer(status: 416, fields: [("Content-Range", "bytes */\(total ?? "\(file.count)")")]) }
    var answer = Answer(status: 206, fields: fields, body: file[Int(range.lowerBound)..<Int(range.upperBound)])
    answer.fields.append(("Content-Range", "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(total ?? "\(file.count)")"))
    answer.fields.append(("Content-Length", "\(range.count)"))
    if let tag { answer.fields.append(("ETag", tag)) }
    return answer
  }

  func whole(tag: String? = "\"one\"", length: Bool = true, fields: [(String, String)] = []) -> Answer {
    var answer = Answer(status: 200, fields: fields, body: file[...])
    if length { answer.fields.append(("Content-Length", "\(file.count)")) }
    if let tag { answer.fields.append(("ETag", tag)) }
    return answer
  }

  /// A part of a video, and from the second request on something else.
  func video(then other: Answer) -> Answer { number == 1 ? part(fields: [("Content-Type", "video/mp4")]) : other }

  /// A login, as sites answer once a session has ended.
  func page(length: Bool) -> Answer {
    let text = Array("<!doctype html><title>Log in</title>".utf8)
    let fields = [("Content-Type", "text/html; charset=utf-8")] + (length ? [("Content-Length", "\(text.count)")] : [])
    return Answer(status: 200, fields: fields, body: text[...])
  }

  func refusal(_ status: Int, _ fields: [(String, String)] = []) -> Answer { Answer(status: status, fields: fields) }

  func redirect(_ location: String, status: Int = 302, _ fields: [(String, String)] = []) -> Answer {
    Answer(status: status, fields: [("Location", location)] + fields)
  }
}
