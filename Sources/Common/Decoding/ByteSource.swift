/// Random access to the bytes of a video, wherever they are.
package protocol ByteSource: AnyObject {
  /// Size in bytes; nil if it is not known.
  var size: Int64? { get }
  /// Up to `count` bytes from `offset`, at least one; empty at the end.
  func bytes(at offset: Int64, count: Int) throws -> ArraySlice<UInt8>
  /// Tells that the next reads will be in this range, so that it can be fetched in one piece.
  func expect(_ range: Range<Int64>)
  /// The bytes from `offset`, up to `count`, that can be had without waiting; empty if there are none.
  func atHand(at offset: Int64, count: Int) throws -> ArraySlice<UInt8>
  /// Tells how much of the bytes that were at hand has been used: up to the byte at `offset`.
  func used(until offset: Int64)
}

/// A source that fetches nothing ahead, and has to wait for each read.
extension ByteSource {
  package func expect(_ range: Range<Int64>) {}
  package func atHand(at offset: Int64, count: Int) throws -> ArraySlice<UInt8> { [] }
  package func used(until offset: Int64) {}
}
