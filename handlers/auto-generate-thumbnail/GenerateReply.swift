internal import FastCGI

/// The answer to a request that made a thumbnail.
struct GenerateReply: Encodable {
  let videoId: String
  let thumbnailUrl: String
  let method: String
  let optimized: Bool
  /// True if the platform refuses the result for now, so that it is kept and written later; nil if it has been written.
  var kept: Bool?

  var encoded: [UInt8] {
    ReplyJSON.encode(
      Envelope(
        data: Inner(
          videoId: videoId, thumbnailUrl: thumbnailUrl, method: method, generatedAt: ReplyJSON.timestampNow,
          optimized: optimized, kept: kept)))
  }

  private struct Envelope: Encodable {
    var success = true
    let data: Inner
  }

  private struct Inner: Encodable {
    let videoId, thumbnailUrl, method, generatedAt: String
    let optimized: Bool
    let kept: Bool?
  }
}
