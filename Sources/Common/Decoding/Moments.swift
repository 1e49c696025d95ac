/// Some moments of a video, and the pictures of them, which came before: one of each, or sheets on which they lie in rows of ``columns``.
package struct Moments: MessageContent, Equatable {
  package static let type = MessageType.moments

  /// One of them.
  package struct Moment: Sendable, Equatable {
    /// Since the beginning of the video.
    package let seconds: Double
    /// How good its picture is by the ranking, 0 to 1; nil where none was ranked.
    package let score: Double?

    package init(seconds: Double, score: Double?) {
      self.seconds = seconds
      self.score = score
    }
  }

  /// From 1 to ``DecodingTask/mostTiles``. Candidates are the best first, those of a storyboard in the order of the video.
  package var moments: [Moment]
  /// One of each moment, or the sheets.
  package var pictures: [EncodedPicture] = []
  /// Of one moment's picture, in pixels.
  package var width: Int
  /// Of one moment's picture, in pixels.
  package var height: Int
  /// Pictures beside each other and below each other on a full sheet; 1 and 1 where there are no sheets.
  package var columns: Int
  /// From 1 to ``mostColumns``; the last sheet may have fewer.
  package var rows: Int
  /// Of the video; nil where the file does not say.
  package var durationSeconds: Double?
  /// What the libraries had to say; ten lines at most.
  package var log: [String]

  /// When a moment may be, in seconds since the beginning of the video.
  package static let seconds = 0...1e9
  /// Most pictures beside each other on a sheet, and most below each other.
  package static let mostColumns = 10

  package init(
    moments: [Moment], pictures: [EncodedPicture], width: Int, height: Int, columns: Int = 1, rows: Int = 1,
    durationSeconds: Double?, log: [String] = []
  ) {
    self.moments = moments
    self.pictures = pictures
    self.width = width
    self.height = height
    self.columns = columns
    self.rows = rows
    self.durationSeconds = durationSeconds
    self.log = log
  }

  /// Without the pictures.
  package func write(to writer: inout MessageWriter) {
    writer.write(moments.count)
    for moment in moments {
      writer.write(moment.seconds)
      writer.write(moment.score)
    }
    for number in [width, height, columns, rows] { writer.write(number) }
    writer.write(durationSeconds)
    writer.write(log)
  }

  package init(from reader: inout MessageReader) throws(MalformedMessage) {
    let number = { (reader: inout MessageReader) throws(MalformedMessage) in try reader.number() }
    moments = []
    for _ in 0..<(try reader.integer(in: 1...DecodingTask.mostTiles)) {
      let seconds = try reader.number()
      guard Self.seconds.contains(seconds) else { throw MalformedMessage("a moment outside of every video") }
      moments.append(Moment(seconds: seconds, score: try reader.optional(number)))
    }
    width = try reader.integer(in: 1...ThumbnailOptions.sides.upperBound)
    height = try reader.integer(in: 1...ThumbnailOptions.sides.upperBound)
    columns = try reader.integer(in: 1...Self.mostColumns)
    rows = try reader.integer(in: 1...Self.mostColumns)
    durationSeconds = try reader.optional(number)
    log = try reader.texts(limit: 10)
  }
}
