internal import Decoding
internal import FoundationEssentials

/// The moments to choose from, best first.
struct CandidatesReply: Encodable {
  var success = true
  let data: Inner

  struct Inner: Encodable {
    let videoId: String
    let durationSeconds: Double?
    let candidates: [Candidate]
  }

  struct Candidate: Encodable {
    /// The `timeSeconds` to send with `regenerate`.
    let timeSeconds: Double
    let score: Double?
    let width, height: Int
    /// A JPEG as a `data:` URL.
    let image: String
  }

  init(videoID: String, _ moments: Moments) {
    data = Inner(
      videoId: videoID, durationSeconds: moments.durationSeconds,
      candidates: zip(moments.moments, moments.pictures).map { moment, picture in
        Candidate(
          timeSeconds: moment.seconds, score: moment.score.map { ($0 * 1000).rounded() / 1000 }, width: picture.width,
          height: picture.height,
          image: "data:\(picture.format.contentType);base64,\(Data(picture.bytes).base64EncodedString())")
      })
  }
}
