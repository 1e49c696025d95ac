/// Some moments of a video. Their pictures are sent before: one for each moment, or sheets on which they lie in rows of ``columns``.
package struct Moments: MessageContent, Equatable {
  package static let type = MessageType.moments

  /// One moment.
  package struct Moment: Sendable, Equatable {
    /// Seconds since the beginning of the video.
    package let seconds: Double
    /// The score of its picture, 0 to 1; nil if pictures were not ranked.
    package let score: Double?

    package init(seconds: Double, score: Double?) {
      self.seconds = seconds
      self.score = score
    }
  }

  /// From 1 to ``DecodingTask/mostTiles``. Candidates come with the best first, a storyboard in the order of the video.
  package var moments: [Moment]
  /// One for each moment, or the sheets.
  package var pictures: [EncodedPicture] = []
  /// The width of one moment's picture, in pixels.
  package var width: Int
  /// The height of one moment's picture, in pixels.
  package var height: Int
  /// How many pictures a full sheet has in a row, and how many rows; both are 1 if there are no sheets.
  package var columns: Int
  /// From 1 to ``mostColumns``. The last sheet may have fewer.
  package var rows: Int
  /// The duration of the video; nil if the file does not tell it.
  package var durationSeconds: Double?
  /// The log lines of FFmpeg's libraries, at most ten.
  package var log: [String]

  /// The range in which a moment may be, in seconds since the beginning of the video.
  package static let seconds = 0...1e9
  /// The most pictures in a row of a sheet, and the most rows.
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

  /// The pictures are not written.
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
    moments = []
    for _ in 0..<(try reader.integer(in: 1...DecodingTask.mostTiles)) {
      let seconds = try reader.number()
      guard Self.seconds.contains(seconds) else { throw MalformedMessage("a moment outside of every video") }
      moments.append(Moment(seconds: seconds, score: try reader.optionalNumber()))
    }
    width = try reader.integer(in: 1...ThumbnailOptions.sides.upperBound)
    height = try reader.integer(in: 1...ThumbnailOptions.sides.upperBound)
    columns = try reader.integer(in: 1...Self.mostColumns)
    rows = try reader.integer(in: 1...Self.mostColumns)
    durationSeconds = try reader.optionalNumber()
    log = try reader.texts(limit: 10)
  }
}
