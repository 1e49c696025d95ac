internal import FoundationEssentials

/// The fields of a body that asks for an operation.
struct OperatorBody: Decodable {
  let operation: String?
  let batch: Int?
  let filter: VideoFilter?
  let videoIds: [String]?
  let before: String?
  let tenant: String?
  let host: String?
  let reason: String?
  /// Who asks, in their own words; else it is whoever has the secret.
  let by: String?

  /// Nil for a body without an `operation`: cron services send what they like.
  init?(body: [UInt8]) throws(BadRequest) {
    guard body.isObject else { return nil }
    do {
      guard try JSONDecoder().decode(Named.self, from: Data(body)).operation != nil else { return nil }
      self = try JSONDecoder().decode(OperatorBody.self, from: Data(body))
    } catch DecodingError.typeMismatch(_, let context) {
      throw BadRequest(text: "\(context.codingPath.last?.stringValue ?? "The body") has the wrong type")
    } catch {
      throw BadRequest(text: "The body is not a JSON object")
    }
  }

  private struct Named: Decodable {
    let operation: String?
  }
}
