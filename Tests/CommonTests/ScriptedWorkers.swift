import Database
import DatabaseClient
import Webhooks

@testable import Transfer

/// A queue, and the handlers behind it, without a database and a network: what is posted is answered when the test says so.
final class ScriptedWorkers: ParallelTransport, DueVideos {
  /// Videos that are due, in their order.
  var due: [VideoID] = []
  private(set) var posts: [(tag: Int, request: HTTPRequest)] = []
  private var answers: [(tag: Int, result: Result<HTTPResponse, any Error>)] = []

  var count: Int { posts.count + answers.count }
  /// The bodies of what is under way.
  var bodies: [String] { posts.map { String(decoding: $0.request.body ?? [], as: UTF8.self) } }

  func due(limit: Int, except: [VideoID]) throws(DatabaseError) -> [VideoID] {
    Array(due.filter { !except.contains($0) }.prefix(limit))
  }

  func start(_ requests: [(request: HTTPRequest, tag: Int)]) {
    posts += requests.map { ($0.tag, $0.request) }
  }

  func wait(seconds: Double, orReadable descriptor: Int?) -> [(tag: Int, result: Result<HTTPResponse, any Error>)] {
    defer { answers = [] }
    return answers
  }

  /// Answers the oldest post.
  func answer(_ status: Int, _ body: String, worker: String? = nil) {
    var response = HTTPResponse()
    response.status = status
    response.body = Array(body.utf8)
    if let worker { response.headers.append(Array("Thumbnail-Worker: \(worker)\r\n".utf8)) }
    answers.append((posts.removeFirst().tag, .success(response)))
  }

  /// Nobody answers the oldest post.
  func fail(_ error: any Error) {
    answers.append((posts.removeFirst().tag, .failure(error)))
  }
}
