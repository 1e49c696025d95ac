internal import Deadlines
internal import DecoderClient
internal import Decoding
internal import Logging

extension Pipeline {
  /// What a job asks for, and how long it may take.
  struct Order {
    /// Nil for the shape of the video.
    var aspectRatio: AspectRatio?
    /// Nil to let the pipeline choose the frame.
    var timeSeconds: Double?
    var tenant: String?
    let deadline: Deadline
    /// How long the decoder may do nothing and the origin may be silent, in seconds.
    let stillSeconds: Double
    let logger: Logger
    /// Called whenever the work has made progress. If it throws, the work ends with that error.
    let progress: () throws -> Void
    /// Called whenever the video has brought a decoder down.
    var onDecoderDown: (DecoderDown) -> Void = { _ in }
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
