internal import Decoding
internal import Failures

/// The origin answers, with 200, with a page or a message in place of a video: a login, a share link that has expired, its maintenance. That is
/// no fault of the video's, which may be there later.
struct AnsweredWithPage: ClassifiedError {
  private let underlying: MediaError
  private let isHTML: Bool

  private static let pages: Set = ["text/html", "application/xhtml+xml"]
  private static let messages: Set = [
    "application/json", "application/problem+json", "application/xml", "text/xml", "text/plain",
  ]

  /// Nil where the answer says that it is something else, or is a container of some kind all the same.
  ///
  /// - Parameters:
  ///   - error: what reading it came to.
  ///   - contentType: as the origin gives it, with its parameters.
  init?(_ error: MediaError, contentType: String) {
    let type = contentType.lowercased().prefix { $0 != ";" && $0 != " " }
    isHTML = Self.pages.contains(String(type))
    underlying = error
    guard isHTML || Self.messages.contains(String(type)) else { return nil }
    guard [.empty, .unknownContainer, .noVideo].contains(error.kind) else { return nil }
  }

  var failureClass: FailureClass { .source }
  var description: String {
    isHTML ? "the video URL leads to a web page (text/html), not to a video file" : underlying.description
  }
  var debugDescription: String { "\(description): \(underlying.debugDescription)" }
}
