/// The 202 answer to `Prefer: respond-async`, and to a request for a storyboard. With an attempt, the video is claimed; without one, it
/// stays in the queue and a worker takes it in its turn.
struct AcceptedReply: Encodable {
  var success = true
  var accepted = true
  let videoId: String
  var attempt: Int?
}
