internal import Database
internal import FastCGI

/// What the body of a POST asks to start again.
enum RestartRequest: Equatable {
  /// `{"videoId": uuid}`
  case video(VideoID)
  /// `{"batch": n}`: videos without a thumbnail; those that have waited longest come first.
  case waiting(Int)
  /// `{"batch": n, "status": "failed", "error": reason, "class": …, "before": time}`: failed videos that were last tried before the time,
  /// which the previous batch has returned.
  case failed(Int, VideoFilter, before: String?)

  static let batchRange = 1...1000

  /// Nil for a body that asks for nothing, which means the sweep. Cron services may send any body, so only a JSON object with one of these
  /// fields is read.
  init?(body: [UInt8]) throws(BadRequest) {
    guard body.isObject else { return nil }
    let fields = try RequestJSON.decode(Fields.self, from: body)
    var filter = VideoFilter()
    filter.state = fields.status
    filter.reason = fields.error.map(Self.untilNUL)
    filter.class = fields.class.map(Self.untilNUL)
    let isAll = filter == VideoFilter() && fields.before == nil
    switch (fields.videoId, fields.batch?.value) {
    case (nil, nil):
      guard isAll else { throw BadRequest(text: "status, error, class and before need a batch") }
      return nil
    case (_?, _?): throw BadRequest(text: "videoId and batch exclude each other")
    case (let text?, nil):
      guard let id = VideoID(text) else { throw BadRequest(text: "videoId is not a \(VideoID.form)") }
      self = .video(id)
    case (nil, let count?):
      guard Self.batchRange.contains(count) else {
        throw BadRequest(text: "batch is not a number from \(Self.batchRange.inWords)")
      }
      // As in an operation: a condition that is misspelt must not start all of them again.
      try RequestJSON.decode(FieldNames.self, from: body).refuse(
        besides: Fields.CodingKeys.allCases.map(\.rawValue), in: "a batch")
      try RequestText.checkTime(fields.before, "before")
      guard fields.status ?? "failed" == "failed" else { throw BadRequest(text: "status is not failed") }
      filter.state = "failed"
      self = isAll ? .waiting(count) : .failed(count, filter, before: fields.before)
    }
  }

  /// Any text is a condition, and PostgreSQL's have no NUL.
  private static func untilNUL(_ text: String) -> String { String(text.unicodeScalars.prefix { $0 != "\0" }) }

  private struct Fields: Decodable {
    let videoId: String?
    let batch: RequestCount?
    let status: String?
    let error: String?
    let `class`: String?
    let before: String?

    enum CodingKeys: String, CodingKey, CaseIterable {
      case videoId, batch, status, error, `class`, before
    }
  }
}
