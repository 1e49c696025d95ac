internal import Decoding

/// Another source in which some bytes are others.
final class ChangedSource: ByteSource {
  private let source: any ByteSource
  private let changes: [(place: Int64, bytes: [UInt8])]

  init(_ source: any ByteSource, _ changes: [(place: Int64, bytes: [UInt8])]) {
    self.source = source
    self.changes = changes
  }

  var size: Int64? { source.size }

  func bytes(at offset: Int64, count: Int) throws -> ArraySlice<UInt8> {
    var found = Array(try source.bytes(at: offset, count: count))
    for change in changes {
      let range =
        max(
          offset, change.place)..<max(
          offset, change.place, min(offset + Int64(found.count), change.place + Int64(change.bytes.count)))
      for place in range { found[Int(place - offset)] = change.bytes[Int(place - change.place)] }
    }
    return found[...]
  }

  func expect(_ range: Range<Int64>) { source.expect(range) }
}
