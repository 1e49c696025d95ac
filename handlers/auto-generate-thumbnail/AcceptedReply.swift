/// The 202 answer to `Prefer: respond-async`. With an attempt, the video is claimed; without one, it stays in the queue and this worker
/// takes it in its turn.
struct AcceptedReply: Encodable {
  var success = true
  var accepted = true
  let videoId: String
  var attempt: Int?
}
