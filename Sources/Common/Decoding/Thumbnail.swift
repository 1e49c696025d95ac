/// Finished pictures of one frame, and how they were made.
package struct Thumbnail: Sendable {
  /// First the picture for `thumbnail_url`, then the other sizes and formats.
  package var pictures: [EncodedPicture]
  /// Made from the smallest of the pictures.
  package let placeholder: Placeholder
  /// The shape that was asked for, or else the one nearest to the displayed video.
  package let aspectRatio: AspectRatio
  /// Time of the chosen frame since the beginning of the video.
  package let timestampSeconds: Double
  /// Duration of the video; nil if the file does not tell it.
  package var durationSeconds: Double?
  /// The score of the picture, 0 to 1; nil if it was asked for or taken without a choice.
  package let score: Double?
  /// How many pictures were examined.
  package let candidates: Int
  /// How many pictures each gate rejected.
  package let rejected: [Rejection: Int]
  /// Whether every picture was rejected or damaged, or the colours are only approximate.
  package let isDegraded: Bool
  /// A sentence about what is wrong with the picture, apart from its choice; nil if nothing is.
  package let note: String?
  /// Bytes of the packets that were read for the examined pictures.
  package let packetBytes: Int
  /// libavformat's name of the container, such as `mov,mp4,m4a,3gp,3g2,mj2`.
  package let container: String
  /// libavcodec's name of the codec, such as `h264`.
  package let codec: String
  /// The width of the frame as it was decoded, in pixels: neither turned nor in square pixels yet.
  package let sourceWidth: Int
  /// The height of the same frame, in pixels.
  package let sourceHeight: Int
  /// The time for opening, choosing (with decoding), rendering and encoding, in milliseconds.
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
