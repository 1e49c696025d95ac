internal import DecoderClient
internal import Decoding

extension Pipeline {
  /// What a job asks for.
  struct Order {
    /// Nil for the shape of the video.
    var aspectRatio: AspectRatio?
    /// Nil to let the pipeline choose the frame.
    var timeSeconds: Double?
    /// The origin may be silent for as long as the decoder may do nothing.
    let terms: Decoder.Terms
  }

  /// What a survey asks for: the task says how many pictures, `side` how many pixels their longer side has.
  struct SurveyOrder {
    let task: DecodingTask
    let side: Int
    /// Quantiser scale, 1 (best) to 31.
    let quality: Int
    /// The most bytes to read for the pictures; nil for the limit of a thumbnail.
    var mostBytes: Int?
  }
}
