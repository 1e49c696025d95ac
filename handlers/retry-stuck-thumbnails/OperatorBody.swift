internal import FastCGI

/// The fields of a body that asks for an operation.
struct OperatorBody: Decodable {
  let operation: String
  let batch: RequestCount?
  let filter: VideoFilter?
  let videoIds: [String]?
  let before: String?
  let tenant: String?
  let host: String?
  let reason: String?
  /// Who asks, in their own words; if nil, whoever has the secret.
  let by: String?

  /// Nil for a body without `operation`, since cron services may send any body.
  init?(body: [UInt8]) throws(BadRequest) {
    guard body.isObject else { return nil }
    guard try RequestJSON.decode(Named.self, from: body).operation != nil else { return nil }
    self = try RequestJSON.decode(OperatorBody.self, from: body)
    // Ignoring an unknown field would drop a condition, and could mean all videos instead of some.
    try RequestJSON.decode(FieldNames.self, from: body).refuse(besides: CodingKeys.allCases.map(\.rawValue), in: "an operation")
    try RequestJSON.decode(Filtered.self, from: body).filter?.refuse(besides: VideoFilter.fieldsOfRequests, in: "filter")
  }

  private enum CodingKeys: String, CodingKey, CaseIterable {
    case operation, batch, filter, videoIds, before, tenant, host, reason, by
  }

  private struct Named: Decodable {
    let operation: String?
  }

  private struct Filtered: Decodable {
    let filter: FieldNames?
  }
}
