internal import Media
internal import Transfer

/// Plugs a remote file into Media, which knows no network.
final class RemoteVideo: ByteSource {
  let source: RangedSource

  init(_ source: RangedSource) {
    self.source = source
  }

  var size: Int64? { source.size }

  func bytes(at offset: Int64, count: Int) throws -> ArraySlice<UInt8> {
    try source.bytes(at: offset, count: count)
  }

  func expect(_ range: Range<Int64>) {
    source.expect(range)
  }
}
