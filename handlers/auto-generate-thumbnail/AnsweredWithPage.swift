internal import Decoding
internal import Failures

/// The origin answered 200 with a page or a message instead of a video: a login, an expired share link, a maintenance notice. The video
/// itself is not at fault and may be available later. The same holds for an answer without a byte that names no type: servers that do not
/// know the host they are asked for answer so.
struct AnsweredWithPage: ClassifiedError {
  let description: String
  let debugDescription: String

  private static let pages: Set = ["text/html", "application/xhtml+xml"]
  private static let messages: Set = [
    "application/json", "text/json", "application/xml", "text/xml", "application/problem+xml", "text/plain",
  ]

  /// Nil if the content type is that of a file, or missing although the answer is not empty, or if the bytes are a container of some kind
  /// after all.
  ///
  /// - Parameters:
  ///   - error: what reading the answer failed with.
  ///   - contentType: the origin's `Content-Type`, with its parameters.
  init?(_ error: MediaError, contentType: String) {
    let type = contentType.lowercased().prefix { $0 != ";" && $0 != " " }
    let isHTML = Self.pages.contains(String(type))
    let isNothing = type.isEmpty && error.kind == .empty
    // Any kind of JSON (RFC 6839). Of XML there are manifests and pictures, too.
    guard isNothing || isHTML || type.hasSuffix("+json") || Self.messages.contains(String(type)) else { return nil }
    guard [.empty, .unknownContainer, .noVideo].contains(error.kind) else { return nil }
    description =
      if isNothing {
        "the origin answered with nothing: neither a byte nor the type of a file"
      } else if isHTML {
        "the video URL leads to a web page (text/html), not to a video file"
      } else {
        error.description
      }
    debugDescription = "\(description): \(error.debugDescription)"
  }

  var failureClass: FailureClass { .source }
}
