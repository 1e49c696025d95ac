internal import Decoding

/// The built-in clip, as a worker reads it.
final class BuiltInSource: ByteSource {
  private let bytes = BuiltInClip.bytes

  var size: Int64? { Int64(bytes.count) }
  func isAtHand(_ offset: Int64) -> Bool { true }

  func bytes(at offset: Int64, count: Int) -> ArraySlice<UInt8> {
    let start = Int(min(offset, Int64(bytes.count)))
    return bytes[start...].prefix(count)
  }
}
