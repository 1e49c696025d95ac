internal import FoundationEssentials

/// The answer to a request that made a thumbnail.
struct GenerateReply: Encodable {
  let videoId: String
  let thumbnailUrl: String
  let method: String
  let optimized: Bool

  var encoded: [UInt8] {
    ReplyJSON.encode(
      Envelope(
        data: Inner(
          videoId: videoId, thumbnailUrl: thumbnailUrl, method: method, generatedAt: ReplyJSON.timestamp(.now),
          optimized: optimized)))
  }

  private struct Envelope: Encodable {
    var success = true
    let data: Inner
  }

  private struct Inner: Encodable {
    let videoId, thumbnailUrl, method, generatedAt: String
    let optimized: Bool
  }
}

/// The answer to a request that did no work: `"skipped": true` and the reason.
struct SkippedReply: Encodable {
  var success = true
  var skipped = true
  let reason: String
  let videoId: String
  var thumbnailUrl: String?
  var retryAfterSeconds: Double?
}

/// The 202 answer of `Prefer: respond-async`.
struct AcceptedReply: Encodable {
  var success = true
  var accepted = true
  let videoId: String
  let attempt: Int
}

enum ReplyJSON {
  static func encode(_ value: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Replies are made of texts, whole numbers and finite seconds, all of which can be encoded.
    return (try? encoder.encode(value)).map { Array($0) } ?? Array("{\"success\":false}".utf8)
  }

  /// ISO 8601 in UTC with milliseconds and Z.
  static func timestamp(_ date: Date) -> String {
    date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }
}
