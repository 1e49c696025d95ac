/// Finished pictures of one frame, and how they were made. The pictures are sent before.
package struct Thumbnail: MessageContent {
  package static let type = MessageType.picture

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
  /// The log lines of FFmpeg's libraries, at most ten.
  package var log: [String]

  private static let stages: Set<String> = ["open", "choose", "render", "encode"]

  package init(
    pictures: [EncodedPicture], placeholder: Placeholder, aspectRatio: AspectRatio, timestampSeconds: Double,
    durationSeconds: Double?, score: Double?, candidates: Int, rejected: [Rejection: Int], isDegraded: Bool, note: String?,
    packetBytes: Int, container: String, codec: String, sourceWidth: Int, sourceHeight: Int,
    stageMilliseconds: [String: Double],
    log: [String] = []
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
    self.log = log
  }

  /// The pictures are not written.
  package func write(to writer: inout MessageWriter) {
    writer.write(placeholder.thumbHash[...])
    writer.write(placeholder.dominantColour)
    writer.write(aspectRatio.rawValue)
    writer.write(timestampSeconds)
    writer.write(durationSeconds)
    writer.write(score)
    writer.write(candidates)
    for gate in Rejection.allCases { writer.write(rejected[gate] ?? 0) }
    writer.write(isDegraded)
    writer.write(note != nil)
    writer.write(note ?? "")
    writer.write(packetBytes)
    writer.write(container)
    writer.write(codec)
    writer.write(sourceWidth)
    writer.write(sourceHeight)
    writer.write(stageMilliseconds.count)
    for (stage, milliseconds) in stageMilliseconds {
      writer.write(stage)
      writer.write(milliseconds)
    }
    writer.write(log)
  }

  package init(from reader: inout MessageReader) throws(MalformedMessage) {
    let any = 0...Int(Int32.max)
    pictures = []
    placeholder = Placeholder(
      thumbHash: Array(try reader.block(limit: 25)), dominantColour: try reader.integer(in: 0...0xffffff))
    aspectRatio = try reader.choice()
    timestampSeconds = try reader.number()
    durationSeconds = try reader.optionalNumber()
    score = try reader.optionalNumber()
    candidates = try reader.integer(in: any)
    var rejected: [Rejection: Int] = [:]
    for gate in Rejection.allCases {
      let count = try reader.integer(in: any)
      if count > 0 { rejected[gate] = count }
    }
    self.rejected = rejected
    isDegraded = try reader.flag()
    let hasNote = try reader.flag()
    let text = try reader.text()
    note = hasNote ? text : nil
    packetBytes = try reader.integer(in: 0...Int(ReadRequest.furthest))
    container = try reader.text(limit: 100)
    codec = try reader.text(limit: 100)
    sourceWidth = try reader.integer(in: any)
    sourceHeight = try reader.integer(in: any)
    var stages: [String: Double] = [:]
    for _ in 0..<(try reader.integer(in: 0...Self.stages.count)) {
      let stage = try reader.text(limit: 20)
      let milliseconds = try reader.number()
      if Self.stages.contains(stage) { stages[stage] = milliseconds }
    }
    stageMilliseconds = stages
    log = try reader.texts(limit: 10)
  }
}
