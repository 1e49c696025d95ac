/// A video, and what to make of it.
package struct DecodingJob: MessageContent, Equatable {
  package static let type = MessageType.job

  /// The answer is ``Thumbnail`` or, for the other tasks, ``Moments``, and ``DecodingFailure`` if nothing can be made.
  package var task: DecodingTask
  /// In a message, each limit is at least 1; ``MediaLimits/searchBytes`` is at most 1 TiB, the others 2³¹ − 1.
  package var limits: MediaLimits
  /// At least one format and one size; otherwise the message is malformed.
  package var options: ThumbnailOptions
  /// How many seconds the work may take.
  package var seconds: Double
  /// The size of the file in bytes; nil if it is not known.
  package var size: Int64?

  package init(
    _ task: DecodingTask = .thumbnail, limits: MediaLimits, options: ThumbnailOptions, seconds: Double, size: Int64?
  ) {
    self.task = task
    self.limits = limits
    self.options = options
    self.seconds = seconds
    self.size = size
  }

  package func write(to writer: inout MessageWriter) {
    task.write(to: &writer)
    for number in [
      limits.maximumPixels, limits.probeBytes, limits.maximumPackets, limits.maximumFrames, limits.maximumStreams,
      limits.searchSeconds, limits.threads,
    ] { writer.write(number) }
    writer.write(limits.searchBytes)
    writer.write(options.aspectRatio?.rawValue ?? "")
    writer.write(options.timeSeconds)
    writer.write(options.formats.map(\.rawValue))
    writer.write(options.sizes.count)
    for side in options.sizes { writer.write(side) }
    for format in ImageFormat.allCases { writer.write(options[qualityOf: format]) }
    writer.write(options.webpMethod)
    writer.write(seconds)
    writer.write(size)
  }

  package init(from reader: inout MessageReader) throws(MalformedMessage) {
    task = try DecodingTask(from: &reader)
    limits = MediaLimits()
    let any = 1...Int(Int32.max)
    limits.maximumPixels = try reader.integer(in: any)
    limits.probeBytes = try reader.integer(in: any)
    limits.maximumPackets = try reader.integer(in: any)
    limits.maximumFrames = try reader.integer(in: any)
    limits.maximumStreams = try reader.integer(in: any)
    limits.searchSeconds = try reader.integer(in: any)
    limits.threads = try reader.integer(in: any)
    limits.searchBytes = try reader.integer(in: 1...(1 << 40))
    options = ThumbnailOptions()
    options.aspectRatio = AspectRatio(rawValue: try reader.text())
    options.timeSeconds = try reader.optionalNumber()
    options.formats = []
    for _ in 0..<(try reader.integer(in: 1...ImageFormat.allCases.count)) { options.formats.append(try reader.choice()) }
    options.sizes = []
    for _ in 0..<(try reader.integer(in: 1...ThumbnailOptions.mostSizes)) {
      options.sizes.append(try reader.integer(in: ThumbnailOptions.sides))
    }
    for format in ImageFormat.allCases { options[qualityOf: format] = try reader.integer(in: format.quality.range) }
    options.webpMethod = try reader.integer(in: ThumbnailOptions.webpMethods)
    seconds = try reader.number()
    size = try reader.optionalSize()
  }
}
