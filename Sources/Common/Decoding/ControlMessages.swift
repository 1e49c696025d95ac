/// What a decoder's children may use; the first thing a decoder is told.
package struct Confinement: MessageContent, Equatable {
  package static let type = MessageType.configure

  /// Bytes of memory.
  package var memoryBytes: Int
  /// Seconds of processor time.
  package var cpuSeconds: Int
  /// Whether system calls are filtered.
  package var isFiltered: Bool

  package init(memoryBytes: Int, cpuSeconds: Int, isFiltered: Bool) {
    self.memoryBytes = memoryBytes
    self.cpuSeconds = cpuSeconds
    self.isFiltered = isFiltered
  }

  package func write(to writer: inout MessageWriter) {
    writer.write(memoryBytes)
    writer.write(cpuSeconds)
    writer.write(isFiltered)
  }

  package init(from reader: inout MessageReader) throws(MalformedMessage) {
    memoryBytes = try reader.integer(in: 1...(1 << 50))
    cpuSeconds = try reader.integer(in: 1...1_000_000)
    isFiltered = try reader.flag()
  }
}

/// The decoder is there.
package struct Ready: MessageContent, Equatable {
  package static let type = MessageType.ready

  /// The library's version.
  package var library: String
  /// What this host's libraries lack of what we claim: `encoder libwebp`, `filter zscale`, `decoder hevc`.
  package var missing: [String]

  package init(library: String, missing: [String]) {
    self.library = library
    self.missing = missing
  }

  package func write(to writer: inout MessageWriter) {
    writer.write(library)
    writer.write(missing)
  }

  package init(from reader: inout MessageReader) throws(MalformedMessage) {
    library = try reader.text()
    missing = try reader.texts(limit: 100)
  }
}

/// The decoder cannot do its work on this host.
package struct Refusal: MessageContent, Equatable {
  package static let type = MessageType.refused

  package var text: String

  package init(text: String) {
    self.text = text
  }

  package func write(to writer: inout MessageWriter) { writer.write(text) }
  package init(from reader: inout MessageReader) throws(MalformedMessage) { text = try reader.text() }
}

/// A child was started; the socket it was given is its own now.
package struct ChildStarted: MessageContent, Equatable {
  package static let type = MessageType.started

  package var process: Int32

  package init(process: Int32) {
    self.process = process
  }

  package func write(to writer: inout MessageWriter) { writer.write(Int(process)) }
  package init(from reader: inout MessageReader) throws(MalformedMessage) {
    process = Int32(try reader.integer(in: 1...Int(Int32.max)))
  }
}

/// The child is to be ended.
package struct EndChild: MessageContent, Equatable {
  package static let type = MessageType.end

  package var process: Int32

  package init(process: Int32) {
    self.process = process
  }

  package func write(to writer: inout MessageWriter) { writer.write(Int(process)) }
  package init(from reader: inout MessageReader) throws(MalformedMessage) {
    process = Int32(try reader.integer(in: 1...Int(Int32.max)))
  }
}

/// The child has ended.
package struct ChildEnded: MessageContent, Equatable {
  package static let type = MessageType.ended

  /// As waitpid(2) gives it.
  package var status: Int32

  package init(status: Int32) {
    self.status = status
  }

  package func write(to writer: inout MessageWriter) { writer.write(Int(status)) }
  package init(from reader: inout MessageReader) throws(MalformedMessage) {
    status = Int32(try reader.integer(in: 0...0xffff))
  }
}
