/// One video to make a thumbnail of.
package struct DecodingJob: MessageContent, Equatable {
  package static let type = MessageType.job

  package var limits: MediaLimits
  package var options: ThumbnailOptions
  /// Seconds until the work has to be done.
  package var seconds: Double
  /// Of the file, in bytes; nil where it is not known.
  package var size: Int64?

  package init(limits: MediaLimits, options: ThumbnailOptions, seconds: Double, size: Int64?) {
    self.limits = limits
    self.options = options
    self.seconds = seconds
    self.size = size
  }

  package func write(to writer: inout MessageWriter) {
    for number in [
      limits.maximumPixels, limits.probeBytes, limits.maximumPackets, limits.maximumFrames, limits.maximumStreams,
      limits.threads,
    ] { writer.write(number) }
    writer.write(limits.searchBytes)
    writer.write(options.aspectRatio?.rawValue ?? "")
    writer.write(options.timeSeconds)
    writer.write(options.formats.map(\.rawValue))
    writer.write(options.sizes.count)
    for side in options.sizes { writer.write(side) }
    writer.write(options.jpegQuality)
    writer.write(options.webpQuality)
    writer.write(options.avifQuality)
    writer.write(seconds)
    writer.write(size)
  }

  package init(from reader: inout MessageReader) throws(MalformedMessage) {
    limits = MediaLimits()
    let any = 1...Int(Int32.max)
    limits.maximumPixels = try reader.integer(in: any)
    limits.probeBytes = try reader.integer(in: any)
    limits.maximumPackets = try reader.integer(in: any)
    limits.maximumFrames = try reader.integer(in: any)
    limits.maximumStreams = try reader.integer(in: any)
    limits.threads = try reader.integer(in: any)
    limits.searchBytes = try reader.integer(in: 1...(1 << 40))
    options = ThumbnailOptions()
    options.aspectRatio = AspectRatio(rawValue: try reader.text())
    options.timeSeconds = try reader.optional { (reader: inout MessageReader) throws(MalformedMessage) in try reader.number() }
    options.formats = []
    for _ in 0..<(try reader.integer(in: 1...ImageFormat.allCases.count)) { options.formats.append(try reader.choice()) }
    options.sizes = []
    for _ in 0..<(try reader.integer(in: 1...ThumbnailOptions.mostSizes)) {
      options.sizes.append(try reader.integer(in: ThumbnailOptions.sides))
    }
    options.jpegQuality = try reader.integer(in: 1...31)
    options.webpQuality = try reader.integer(in: 1...100)
    options.avifQuality = try reader.integer(in: 1...63)
    seconds = try reader.number()
    size = try reader.optional { (reader: inout MessageReader) throws(MalformedMessage) in
      try reader.integer(in: 0...Int64.max)
    }
  }
}

/// The child wants bytes of the file.
package struct ReadRequest: MessageContent, Equatable {
  package static let type = MessageType.read
  /// The most one request may ask for, in bytes.
  package static let maximum = 1 << 20
  /// The first byte behind every file.
  package static let furthest: Int64 = 1 << 56

  package var offset: Int64
  /// What is needed.
  package var count: Int
  /// What is welcome besides where it costs no waiting; at least `count`.
  package var welcome: Int

  package init(offset: Int64, count: Int, welcome: Int) {
    self.offset = offset
    self.count = count
    self.welcome = welcome
  }

  package func write(to writer: inout MessageWriter) {
    writer.write(offset)
    writer.write(count)
    writer.write(welcome)
  }

  package init(from reader: inout MessageReader) throws(MalformedMessage) {
    offset = try reader.integer(in: 0...Self.furthest)
    count = try reader.integer(in: 1...Self.maximum)
    welcome = try reader.integer(in: count...Self.maximum)
  }
}

/// Where the child's next reads will be.
package struct Expectation: MessageContent, Equatable {
  package static let type = MessageType.expect

  package var range: Range<Int64>

  package init(range: Range<Int64>) {
    self.range = range
  }

  package func write(to writer: inout MessageWriter) {
    writer.write(range.lowerBound)
    writer.write(range.upperBound)
  }

  package init(from reader: inout MessageReader) throws(MalformedMessage) {
    let start = try reader.integer(in: 0...ReadRequest.furthest)
    range = start..<(try reader.integer(in: start...ReadRequest.furthest))
  }
}

/// Bytes of the file; none at its end.
package struct SourceData: MessageContent, Equatable {
  package static let type = MessageType.data

  /// Of the file, as far as it is known by now.
  package var size: Int64?
  package var bytes: ArraySlice<UInt8>

  package init(size: Int64?, bytes: ArraySlice<UInt8>) {
    self.size = size
    self.bytes = bytes
  }

  package func write(to writer: inout MessageWriter) {
    writer.write(size)
    writer.write(bytes)
  }

  package init(from reader: inout MessageReader) throws(MalformedMessage) {
    size = try reader.optional { (reader: inout MessageReader) throws(MalformedMessage) in
      try reader.integer(in: 0...Int64.max)
    }
    bytes = try reader.block(limit: ReadRequest.maximum)
  }
}

/// The file cannot be read there; why, the worker knows.
package struct SourceFailure: MessageContent, Equatable {
  package static let type = MessageType.sourceFailed

  /// Whether it is the origin's fault, so that a picture in hand may do.
  package var isOrigins: Bool

  package init(isOrigins: Bool) {
    self.isOrigins = isOrigins
  }

  package func write(to writer: inout MessageWriter) { writer.write(isOrigins) }
  package init(from reader: inout MessageReader) throws(MalformedMessage) { isOrigins = try reader.flag() }
}

/// No picture.
package struct DecodingFailure: MessageContent, Equatable {
  package static let type = MessageType.failure

  package enum Reason: String, Sendable {
    /// The file; ``kind`` says more.
    case media
    /// It could not be read: the worker knows why.
    case source
    /// The time is over.
    case deadline
  }

  package var reason: Reason
  package var kind: MediaError.Kind
  /// A sentence for anyone.
  package var text: String
  /// For the log.
  package var detail: String
  /// What the libraries had to say.
  package var log: [String]

  package init(reason: Reason, kind: MediaError.Kind = .undecodable, text: String, detail: String = "", log: [String]) {
    self.reason = reason
    self.kind = kind
    self.text = text
    self.detail = detail
    self.log = log
  }

  package func write(to writer: inout MessageWriter) {
    writer.write(reason.rawValue)
    writer.write(kind.rawValue)
    writer.write(text)
    writer.write(detail)
    writer.write(log)
  }

  package init(from reader: inout MessageReader) throws(MalformedMessage) {
    reason = try reader.choice()
    kind = try reader.choice()
    text = try reader.text()
    detail = try reader.text()
    log = try reader.texts(limit: 10)
  }
}
