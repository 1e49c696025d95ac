internal import Failures
internal import FastCGI

/// The answer of a database function that does something for a person.
struct ManualOutcome: Decodable {
  private let success: Bool
  private let error: String?
  /// How many videos were changed; nil if the request was for one video or for none.
  let processed: Int?

  /// The reply to a request that failed, by the function's sentence; nil if it succeeded.
  var refusal: Response? {
    if success { return nil }
    let text = error ?? "Nothing was done"
    return switch text {
    case "Video not found": .refusal(404, text)
    case "Video URL is null": .failure(422, text, .media)
    case "Video is not completed", "Thumbnail already exists": .refusal(409, text)
    default: .failure(503, text, .configuration, headers: [Response.retryAfter(60)])
    }
  }
}
