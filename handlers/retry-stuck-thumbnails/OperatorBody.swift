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
  /// Who asks, in their own words; else it is whoever has the secret.
  let by: String?

  /// Nil for a body without an `operation`: cron services send what they like.
  init?(body: [UInt8]) throws(BadRequest) {
    guard body.isObject else { return nil }
    guard try BadRequest.decode(Named.self, from: body).operation != nil else { return nil }
    self = try BadRequest.decode(OperatorBody.self, from: body)
    // A field that is ignored is one condition less: all videos would be meant instead of some.
    try BadRequest.decode(FieldNames.self, from: body).refuse(
      besides: CodingKeys.allCases.map(\.rawValue), in: "an operation")
    try BadRequest.decode(Filtered.self, from: body).filter?.refuse(besides: VideoFilter.fieldsOfRequests, in: "filter")
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
