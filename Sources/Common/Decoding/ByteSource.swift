/// Random access to the bytes of a video, wherever they are.
package protocol ByteSource: AnyObject {
  /// Size in bytes; nil where it is not known.
  var size: Int64? { get }
  /// Up to `count` bytes from `offset`, at least one; empty at the end.
  func bytes(at offset: Int64, count: Int) throws -> ArraySlice<UInt8>
  /// The next reads will be in this range: worth fetching in one piece.
  func expect(_ range: Range<Int64>)
  /// Whether the byte at `offset` can be had without waiting for anybody.
  func isAtHand(_ offset: Int64) -> Bool
}

extension ByteSource {
  package func expect(_ range: Range<Int64>) {}
  package func isAtHand(_ offset: Int64) -> Bool { false }
}
