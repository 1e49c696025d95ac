/// A finished picture and how it came to be.
package struct Thumbnail: Sendable {
  package let picture: EncodedPicture
  package let placeholder: Placeholder
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
  package let container: String
  package let codec: String
  package let sourceWidth: Int
  package let sourceHeight: Int
  /// Opening, choosing (decoding included), rendering and encoding, in milliseconds.
  package let stageMilliseconds: [String: Double]

  package var bytes: [UInt8] { picture.bytes }
  package var width: Int { picture.width }
  package var height: Int { picture.height }
  package var format: ImageFormat { picture.format }
}
