internal import FoundationEssentials
internal import Transfer

/// What a reply of auto-generate-thumbnail says of the one that woke it.
enum DeliveryReply: Equatable {
  /// A worker has the video, or has done with it.
  case heard
  /// The worker says that there is nothing to do now; asked again after so many seconds at the earliest, if it is due.
  case later(seconds: Double)
  /// Nobody heard it: no answer, another program's, or one that says that the handler cannot work.
  ///
  /// - retryAfterSeconds: nil where the answer names none.
  case failed(retryAfterSeconds: Double?)

  /// - Parameter result: the reply, or why there is none.
  init(_ result: Result<HTTPResponse, any Error>) {
    guard case .success(let response) = result else {
      self = .failed(retryAfterSeconds: nil)
      return
    }
    // A web server in front, and the platform's own function of that name, have answers of the same form: no worker has heard it.
    guard response.headers["thumbnail-worker"] != nil else {
      self = .failed(retryAfterSeconds: response.retryAfterSeconds)
      return
    }
    let body = try? Self.decoder.decode(Body.self, from: Data(response.body))
    switch response.status {
    case 200..<300:
      guard let body, body.success else {
        self = .failed(retryAfterSeconds: nil)
        return
      }
      self = body.skipped == true ? .later(seconds: body.retryAfterSeconds ?? 1) : .heard
    case 409: self = .later(seconds: response.retryAfterSeconds ?? 1)
    // No such video.
    case 404: self = .later(seconds: 60)
    // The work was done, and the answer says that it failed: the queue knows when it is due again.
    case 422, 502, 504: self = .heard
    default: self = .failed(retryAfterSeconds: response.retryAfterSeconds)
    }
  }

  private static let decoder = JSONDecoder()

  private struct Body: Decodable {
    let success: Bool
    let skipped: Bool?
    let retryAfterSeconds: Double?
  }
}
