/// The 202 answer of `Prefer: respond-async`: the video is claimed, or, where there is no attempt yet, this worker takes it from the queue in turn.
struct AcceptedReply: Encodable {
  var success = true
  var accepted = true
  let videoId: String
  var attempt: Int?
}
