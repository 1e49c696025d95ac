internal import Database
internal import Decoding
internal import FastCGI

/// The body of a request: `{"videoId", …}` or a database webhook's envelope with the row in `record`.
struct GenerateRequest: Equatable {
  let videoID: VideoID
  /// A known shape. Other words are ignored and kept in ``ignoredAspectRatio``.
  let aspectRatio: String?
  let ignoredAspectRatio: String?
  let task: Task

  enum Task: Equatable {
    /// The thumbnail, if it is due.
    case thumbnail
    /// A new thumbnail, even if there is one, from this second or from a chosen frame.
    case regenerate(timeSeconds: Double?)
    /// So many moments to choose from.
    case candidates(Int)
    case storyboard

    /// The field that asks for it, which needs the service key; nil for a plain thumbnail.
    var field: String? {
      switch self {
      case .thumbnail: nil
      case .regenerate: "regenerate"
      case .candidates: "candidates"
      case .storyboard: "storyboard"
      }
    }
  }

  init(body: [UInt8]) throws(BadRequest) {
    guard String(validating: body, as: UTF8.self) != nil else { throw BadRequest(text: "The body is not UTF-8") }
    // An empty body gets the same sentence as one without videoId, which the contract fixes.
    let fields = body.isEmpty ? Body() : try RequestJSON.decode(Body.self, from: body)
    // The webhook of a deletion carries only the old row.
    guard let text = fields.videoId ?? (fields.record ?? fields.oldRecord)?.id, !text.isEmpty else {
      throw BadRequest(text: "videoId and videoUrl are required")
    }
    guard let id = VideoID(text) else { throw BadRequest(text: "videoId is not a \(VideoID.form)") }
    videoID = id
    let shapes = [fields.aspectRatio?.name, fields.record?.aspectRatio?.name].compactMap(\.self)
    aspectRatio = shapes.first { AspectRatio(rawValue: $0) != nil }
    ignoredAspectRatio = shapes.first { AspectRatio(rawValue: $0) == nil }
    let asked: [Task?] = [
      fields.regenerate == true ? .regenerate(timeSeconds: fields.timeSeconds) : nil,
      fields.candidates.map { .candidates($0.value) }, fields.storyboard == true ? .storyboard : nil,
    ]
    let tasks = asked.compactMap(\.self)
    task = tasks.first ?? .thumbnail
    if let candidates = fields.candidates?.value, !(1...DecodingTask.mostCandidates).contains(candidates) {
      throw BadRequest(text: "candidates is not a whole number from 1 to \(DecodingTask.mostCandidates)")
    }
    if tasks.count > 1 {
      throw BadRequest(text: "regenerate, candidates and storyboard are asked for one at a time")
    }
    if let timeSeconds = fields.timeSeconds, !(timeSeconds.isFinite && timeSeconds >= 0) {
      throw BadRequest(text: "timeSeconds is not a number of seconds from 0")
    }
  }

  /// Only the fields that are used. Unknown fields are ignored.
  private struct Body: Decodable {
    var videoId: String?
    var aspectRatio: Shape?
    var regenerate: Bool?
    var timeSeconds: Double?
    var candidates: RequestCount?
    var storyboard: Bool?
    var record: Record?
    var oldRecord: Record?

    private enum CodingKeys: String, CodingKey {
      case videoId, aspectRatio, regenerate, timeSeconds, candidates, storyboard, record
      case oldRecord = "old_record"
    }
  }

  private struct Record: Decodable {
    let id: String?
    let aspectRatio: Shape?

    private enum CodingKeys: String, CodingKey {
      case id
      case aspectRatio = "aspect_ratio"
    }
  }

  /// The name of a shape. A value of the wrong type does no harm and is ignored.
  private struct Shape: Decodable {
    let name: String?

    init(from decoder: any Decoder) {
      name = try? decoder.singleValueContainer().decode(String.self)
    }
  }
}
