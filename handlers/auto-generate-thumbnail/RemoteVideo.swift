internal import Decoding
internal import Transfer

/// Lets the decoder read from a remote file.
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

  func atHand(at offset: Int64, count: Int) -> ArraySlice<UInt8> { source.atHand(at: offset, count: count) }

  func used(until offset: Int64) {
    source.used(until: offset)
  }
}
