/// A finished picture and how it came to be.
package struct Thumbnail: Sendable {
  package let bytes: [UInt8]
  package let width: Int
  package let height: Int
  package let format: ImageFormat
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
  /// A picture was taken that no gate would have let through.
  package let isDegraded: Bool
  /// Bytes of the packets that were read to look at them.
  package let packetBytes: Int
  package let container: String
  package let codec: String
  package let sourceWidth: Int
  package let sourceHeight: Int
  /// Opening, choosing (decoding included), rendering and encoding, in milliseconds.
  package let stageMilliseconds: [String: Double]

  package init(
    bytes: [UInt8], width: Int, height: Int, format: ImageFormat, aspectRatio: AspectRatio, timestampSeconds: Double,
    durationSeconds: Double?, score: Double?, candidates: Int, rejected: [Rejection: Int], isDegraded: Bool, packetBytes: Int,
    container: String, codec: String, sourceWidth: Int, sourceHeight: Int, stageMilliseconds: [String: Double]
  ) {
    self.bytes = bytes
    self.width = width
    self.height = height
    self.format = format
    self.aspectRatio = aspectRatio
    self.timestampSeconds = timestampSeconds
    self.durationSeconds = durationSeconds
    self.score = score
    self.candidates = candidates
    self.rejected = rejected
    self.isDegraded = isDegraded
    self.packetBytes = packetBytes
    self.container = container
    self.codec = codec
    self.sourceWidth = sourceWidth
    self.sourceHeight = sourceHeight
    self.stageMilliseconds = stageMilliseconds
  }
}
