/// The decoder is ready.
package struct Ready: MessageContent, Equatable {
  package static let type = MessageType.ready

  /// The library's version.
  package var library: String
  /// What this host's libraries lack of what we need: `encoder libwebp`, `filter zscale`, `decoder hevc`.
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
    // A small build of FFmpeg lacks most of what may be there.
    missing = try reader.texts(limit: 1000)
  }
}
