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
  /// A source that fetches nothing ahead has no use for it.
  package func expect(_ range: Range<Int64>) {}
  /// Empty: for a source that has to wait for each read.
  package func atHand(at offset: Int64, count: Int) throws -> ArraySlice<UInt8> { [] }
  /// A source that gives nothing ahead has no use for it.
  package func used(until offset: Int64) {}
}
