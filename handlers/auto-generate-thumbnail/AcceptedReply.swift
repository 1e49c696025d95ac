/// The 202 answer of `Prefer: respond-async`.
struct AcceptedReply: Encodable {
  var success = true
  var accepted = true
  let videoId: String
  let attempt: Int
}
