/// How a thumbnail was made, with the log lines of FFmpeg's libraries. Its pictures are sent before.
package struct Picture: MessageContent {
  package static let type = MessageType.picture
  private static let stages: Set<String> = ["open", "choose", "render", "encode"]

  /// Its `pictures` are not part of this message, and are empty after reading.
  package var thumbnail: Thumbnail
  /// At most ten lines.
  package var log: [String]

  package init(thumbnail: Thumbnail, log: [String]) {
    self.thumbnail = thumbnail
    self.log = log
  }

  package func write(to writer: inout MessageWriter) {
    writer.write(thumbnail.placeholder.thumbHash[...])
    writer.write(thumbnail.placeholder.dominantColour)
    writer.write(thumbnail.aspectRatio.rawValue)
    writer.write(thumbnail.timestampSeconds)
    writer.write(thumbnail.durationSeconds)
    writer.write(thumbnail.score)
    writer.write(thumbnail.candidates)
    for gate in Rejection.allCases { writer.write(thumbnail.rejected[gate] ?? 0) }
    writer.write(thumbnail.isDegraded)
    writer.write(thumbnail.note != nil)
    writer.write(thumbnail.note ?? "")
    writer.write(thumbnail.packetBytes)
    writer.write(thumbnail.container)
    writer.write(thumbnail.codec)
    writer.write(thumbnail.sourceWidth)
    writer.write(thumbnail.sourceHeight)
    writer.write(thumbnail.stageMilliseconds.count)
    for (stage, milliseconds) in thumbnail.stageMilliseconds {
      writer.write(stage)
      writer.write(milliseconds)
    }
    writer.write(log)
  }

  package init(from reader: inout MessageReader) throws(MalformedMessage) {
    let placeholder = Placeholder(
      thumbHash: Array(try reader.block(limit: 25)), dominantColour: try reader.integer(in: 0...0xffffff))
    let aspectRatio: AspectRatio = try reader.choice()
    let timestamp = try reader.number()
    let duration = try reader.optionalNumber()
    let score = try reader.optionalNumber()
    let any = 0...Int(Int32.max)
    let candidates = try reader.integer(in: any)
    var rejected: [Rejection: Int] = [:]
    for gate in Rejection.allCases {
      let count = try reader.integer(in: any)
      if count > 0 { rejected[gate] = count }
    }
    let isDegraded = try reader.flag()
    let hasNote = try reader.flag()
    let note = try reader.text(limit: 1000)
    let packetBytes = try reader.integer(in: 0...Int(ReadRequest.furthest))
    let container = try reader.text(limit: 100)
    let codec = try reader.text(limit: 100)
    let sourceWidth = try reader.integer(in: any)
    let sourceHeight = try reader.integer(in: any)
    var stages: [String: Double] = [:]
    for _ in 0..<(try reader.integer(in: 0...Self.stages.count)) {
      let stage = try reader.text(limit: 20)
      let milliseconds = try reader.number()
      if Self.stages.contains(stage) { stages[stage] = milliseconds }
    }
    log = try reader.texts(limit: 10)
    thumbnail = Thumbnail(
      pictures: [], placeholder: placeholder, aspectRatio: aspectRatio, timestampSeconds: timestamp,
      durationSeconds: duration, score: score, candidates: candidates, rejected: rejected, isDegraded: isDegraded,
      note: hasNote ? note : nil,
      packetBytes: packetBytes, container: container, codec: codec, sourceWidth: sourceWidth, sourceHeight: sourceHeight,
      stageMilliseconds: stages)
  }
}
