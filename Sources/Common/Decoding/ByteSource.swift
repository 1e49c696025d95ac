/// Random access to the bytes of a video, wherever they are.
package protocol ByteSource: AnyObject {
  /// Size in bytes; nil where it is not known.
  var size: Int64? { get }
  /// Up to `count` bytes from `offset`, at least one; empty at the end.
  func bytes(at offset: Int64, count: Int) throws -> ArraySlice<UInt8>
  /// The next reads will be in this range: worth fetching in one piece.
  func expect(_ range: Range<Int64>)
  /// What of the bytes from `offset` can be had without waiting for anybody, up to `count`; empty where that is none.
  func atHand(at offset: Int64, count: Int) throws -> ArraySlice<UInt8>
  /// Tells how far what was at hand has been of use: up to the byte at `offset`.
  func used(until offset: Int64)
}

extension ByteSource {
  package func expect(_ range: Range<Int64>) {}
  package func atHand(at offset: Int64, count: Int) throws -> ArraySlice<UInt8> { [] }
  package func used(until offset: Int64) {}
}
