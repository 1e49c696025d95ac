internal import Database
internal import FastCGI

/// The operation that the body of a POST asks for, by its field `operation`.
enum OperatorRequest: Equatable {
  /// `{"operation": "retry"|"dismiss"|"restore"|"cancel", "batch": 0…1000, "filter": {…}, "videoIds": […], "before": time}`. A batch of 0 only
  /// counts.
  case act(Action, VideoFilter, batch: Int, before: String?)
  /// `{"operation": "pause"|"resume", "tenant"|"host": …, "reason": …}`: for everything, an uploader, or the workers of a host.
  case pause(tenant: String?, host: String?, reason: String?)
  case resume(tenant: String?, host: String?)

  enum Action: String, CaseIterable {
    case retry, dismiss, restore, cancel
  }

  static let batchRange = 0...1000
  static let longestName = 255

  init(_ body: OperatorBody) throws(BadRequest) {
    for (name, value) in [("tenant", body.tenant), ("host", body.host), ("by", body.by), ("reason", body.reason)] {
      try RequestText.checkLength(of: value, name, atMost: Self.longestName)
    }
    for (name, value) in [("tenant", body.tenant), ("host", body.host)] {
      // A name that was left blank is not everybody.
      let isBlank = value?.unicodeScalars.allSatisfy(\.properties.isWhitespace) == true
      if isBlank { throw BadRequest(text: "\(name) is blank") }
    }
    if body.tenant != nil && body.host != nil { throw BadRequest(text: "tenant and host exclude each other") }
    // Fields that would be ignored are refused, since more would be done than intended.
    switch (body.operation, Action(rawValue: body.operation)) {
    case ("pause", _), ("resume", _):
      if body.batch != nil || body.videoIds != nil || body.filter != nil || body.before != nil {
        throw BadRequest(text: "\(body.operation) knows tenant and host, not batch, videoIds, filter and before")
      }
      self =
        body.operation == "pause"
        ? .pause(tenant: body.tenant, host: body.host, reason: body.reason) : .resume(tenant: body.tenant, host: body.host)
    case (_, let action?):
      if body.tenant != nil || body.host != nil { throw BadRequest(text: "tenant and host belong into filter") }
      var filter = body.filter ?? VideoFilter()
      filter.ids = try Self.ids(body.videoIds)
      let batch = body.batch?.value ?? body.videoIds?.count ?? -1
      guard Self.batchRange.contains(batch) else {
        throw BadRequest(text: "batch is not a number from \(Self.batchRange.inWords)")
      }
      try RequestText.checkTime(body.before, "before")
      self = .act(action, try filter.checked(), batch: batch, before: body.before)
    default:
      let known = Action.allCases.map(\.rawValue) + ["pause", "resume"]
      throw BadRequest(text: "operation is not one of \(known.joined(separator: ", "))")
    }
  }

  /// The name in logs.
  var name: String {
    switch self {
    case .act(let action, _, _, _): action.rawValue
    case .pause: "pause"
    case .resume: "resume"
    }
  }

  /// Whether to wake workers afterwards.
  var startsWork: Bool {
    switch self {
    case .act(.retry, _, let batch, _): batch > 0
    case .resume: true
    case .act, .pause: false
    }
  }

  private static func ids(_ texts: [String]?) throws(BadRequest) -> [VideoID]? {
    guard let texts else { return nil }
    let ids = texts.compactMap { VideoID($0) }
    guard ids.count == texts.count, ids.count <= VideoFilter.mostIDs else {
      throw BadRequest(text: "videoIds are not up to \(VideoFilter.mostIDs) \(VideoID.form)s")
    }
    return ids
  }
}
