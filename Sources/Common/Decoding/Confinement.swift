/// What a decoder's children may use. It is the first message to a decoder.
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
