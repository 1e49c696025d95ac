internal import Decoding

/// The built-in clip as a source for a worker.
final class BuiltInSource: ByteSource {
  private let bytes = BuiltInClip.bytes

  var size: Int64? { Int64(bytes.count) }
  func atHand(at offset: Int64, count: Int) -> ArraySlice<UInt8> { bytes(at: offset, count: count) }

  func bytes(at offset: Int64, count: Int) -> ArraySlice<UInt8> {
    let start = Int(min(offset, Int64(bytes.count)))
    return bytes[start...].prefix(count)
  }
}
