internal import FoundationEssentials

/// What the body of a POST asks to be started again.
enum RestartRequest: Equatable {
  /// `{"videoId": uuid}`
  case video(String)
  /// `{"batch": n}`: videos without a thumbnail, the longest waiting first.
  case waiting(Int)
  /// `{"batch": n, "status": "failed", "error"?: text, "before"?: time}`: failed videos, with `error` only those that failed so, with
  /// `before` (what the batch before answered) only those last tried until then.
  case failed(Int, error: String?, before: String?)

  static let batchRange = 1...1000

  /// Nil for a body that asks for nothing: the sweep. Cron services send what they like, so only a JSON object with one of the
  /// fields above is read.
  init?(body: [UInt8]) throws(BadRequest) {
    guard let first = body.first(where: { ![0x20, 0x09, 0x0a, 0x0d].contains($0) }), first == UInt8(ascii: "{") else {
      return nil
    }
    let fields: Fields
    do {
      fields = try JSONDecoder().decode(Fields.self, from: Data(body))
    } catch DecodingError.typeMismatch(_, let context) {
      throw BadRequest(text: "\(context.codingPath.last?.stringValue ?? "The body") has the wrong type")
    } catch {
      throw BadRequest(text: "The body is not a JSON object")
    }
    switch (fields.videoId, fields.batch) {
    case (nil, nil): return nil
    case (_?, _?): throw BadRequest(text: "videoId and batch exclude each other")
    case (let text?, nil):
      guard let id = UUID(uuidString: text) else { throw BadRequest(text: "videoId is not a UUID") }
      self = .video(id.uuidString.lowercased())
    case (nil, let count?):
      guard Self.batchRange.contains(count) else { throw BadRequest(text: "batch is not a number from 1 to 1000") }
      switch fields.status {
      case nil where fields.error == nil && fields.before == nil: self = .waiting(count)
      case nil, "failed":
        if let before = fields.before, (try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(before)) == nil {
          throw BadRequest(text: "before is not a time, for example 2030-01-31T12:00:00.000Z")
        }
        self = .failed(count, error: fields.error, before: fields.before)
      default: throw BadRequest(text: "status is not failed")
      }
    }
  }

  private struct Fields: Decodable {
    let videoId: String?
    let batch: Int?
    let status: String?
    let error: String?
    let before: String?
  }
}
