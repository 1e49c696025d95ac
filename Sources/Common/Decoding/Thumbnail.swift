/// Finished pictures of one frame and how they came to be.
package struct Thumbnail: Sendable {
  /// The one `thumbnail_url` names, then the other sizes and formats.
  package var pictures: [EncodedPicture]
  /// Made of the smallest of the pictures.
  package let placeholder: Placeholder
  /// The shape that was asked for, else the one nearest to the displayed video.
  package let aspectRatio: AspectRatio
  /// Time of the chosen frame since the beginning of the video.
  package let timestampSeconds: Double
  /// Duration of the video; nil where the file does not say.
  package let durationSeconds: Double?
  /// How good the picture is by the ranking, 0 to 1; nil where it was asked for or taken without a choice.
  package let score: Double?
  /// Pictures that were looked at.
  package let candidates: Int
  /// How many each gate turned down.
  package let rejected: [Rejection: Int]
  /// A picture was taken that no gate would have let through, or whose colours are only near.
  package let isDegraded: Bool
  /// A sentence on what is wrong with the picture, where that is not its choice; nil otherwise.
  package let note: String?
  /// Bytes of the packets that were read to look at them.
  package let packetBytes: Int
  /// libavformat's name of the container, such as `mov,mp4,m4a,3gp,3g2,mj2`.
  package let container: String
  /// libavcodec's name of the codec, such as `h264`.
  package let codec: String
  /// Of the frame as it was decoded, in pixels: neither turned nor in square pixels yet.
  package let sourceWidth: Int
  /// Of the same frame, in pixels.
  package let sourceHeight: Int
  /// Opening, choosing (decoding included), rendering and encoding, in milliseconds.
  package let stageMilliseconds: [String: Double]

  package init(
    pictures: [EncodedPicture], placeholder: Placeholder, aspectRatio: AspectRatio, timestampSeconds: Double,
    durationSeconds: Double?, score: Double?, candidates: Int, rejected: [Rejection: Int], isDegraded: Bool, note: String?,
    packetBytes: Int, container: String, codec: String, sourceWidth: Int, sourceHeight: Int, stageMilliseconds: [String: Double]
  ) {
    self.pictures = pictures
    self.placeholder = placeholder
    self.aspectRatio = aspectRatio
    self.timestampSeconds = timestampSeconds
    self.durationSeconds = durationSeconds
    self.score = score
    self.candidates = candidates
    self.rejected = rejected
    self.isDegraded = isDegraded
    self.note = note
    self.packetBytes = packetBytes
    self.container = container
    self.codec = codec
    self.sourceWidth = sourceWidth
    self.sourceHeight = sourceHeight
    self.stageMilliseconds = stageMilliseconds
  }
}
