internal import FastCGI

/// The answer to a request that made a thumbnail.
struct GenerateReply: Encodable {
  var success = true
  let data: Inner

  struct Inner: Encodable {
    let videoId, thumbnailUrl, method: String
    var generatedAt = ReplyJSON.timestampNow
    var optimized = true
    /// True if the platform refuses the result for now, so that it is kept and written later; nil if it has been written.
    let kept: Bool?
  }
}
