internal import FoundationEssentials
internal import Transfer

/// What auto-generate-thumbnail's reply means for its sender.
enum DeliveryReply: Equatable {
  /// A worker has the video, or is done with it.
  case heard
  /// The worker has nothing to do now. If the video is due, it may be posted again after that time.
  case later(seconds: Double)
  /// No worker was reached: there was no answer, it came from another program, or the handler cannot work.
  ///
  /// - retryAfterSeconds: nil if the answer does not tell.
  case failed(retryAfterSeconds: Double?)

  /// - Parameter result: the reply, or why there is none.
  init(_ result: Result<HTTPResponse, any Error>) {
    guard case .success(let response) = result else {
      self = .failed(retryAfterSeconds: nil)
      return
    }
    // A web server in front, and the platform's own function of that name, answer in the same form, but no worker was reached.
    guard response.wokeIdleWorker != nil else {
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
    // The attempt was made and has failed. The queue knows when it is due again.
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

extension HTTPResponse {
  /// Whether the worker that has answered had nothing to do before; nil if no worker has answered.
  var wokeIdleWorker: Bool? { headers["thumbnail-worker"].map { $0 == "idle" } }
}
