internal import Failures
internal import FastCGI
internal import FoundationEssentials

/// What a function of the database says that does something for a person.
struct ManualOutcome: Decodable {
  private let success: Bool
  private let error: String?
  /// How many videos it was done to; nil where it was asked for one, or for none.
  let processed: Int?

  /// - Throws: `DecodingError` where the JSON is not such an answer.
  init(_ json: String) throws {
    self = try JSONDecoder().decode(Self.self, from: Data(json.utf8))
  }

  /// The answer to a request of which nothing came, by the sentence of the function; nil where something did.
  var refusal: Response? {
    if success { return nil }
    let text = error ?? "Nothing was done"
    return switch text {
    case "Video not found": .refusal(404, text)
    case "Video URL is null": .failure(422, text, code: FailureClass.media.rawValue, isRetryable: false)
    case "Video is not completed", "Thumbnail already exists": .refusal(409, text)
    default: .failure(503, text, code: FailureClass.configuration.rawValue, isRetryable: true, headers: [("Retry-After", "60")])
    }
  }
}
