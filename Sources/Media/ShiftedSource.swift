internal import Decoding

/// Another source without its first bytes.
final class ShiftedSource: ByteSource {
  private let source: any ByteSource
  private let start: Int64

  /// - Parameter start: the first byte that remains.
  init(_ source: any ByteSource, from start: Int64) {
    self.source = source
    self.start = start
  }

  var size: Int64? { source.size.map { max(0, $0 - start) } }

  func bytes(at offset: Int64, count: Int) throws -> ArraySlice<UInt8> {
    try source.bytes(at: start + offset, count: count)
  }

  func expect(_ range: Range<Int64>) {
    source.expect(range.lowerBound + start..<range.upperBound + start)
  }
}
