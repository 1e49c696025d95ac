internal import Decoding

/// Another source without its first bytes, and maybe without its last ones.
final class ShiftedSource: ByteSource {
  private let source: any ByteSource
  private let start: Int64
  private let end: Int64?

  /// - Parameters:
  ///   - start: the first byte that remains.
  ///   - end: the first byte behind those that remain; nil for all.
  init(_ source: any ByteSource, from start: Int64, to end: Int64? = nil) {
    self.source = source
    self.start = start
    self.end = end
  }

  var size: Int64? { (end ?? source.size).map { max(0, $0 - start) } }

  func bytes(at offset: Int64, count: Int) throws -> ArraySlice<UInt8> {
    try source.bytes(at: start + offset, count: end.map { min(count, Int(clamping: max(0, $0 - start - offset))) } ?? count)
  }

  func expect(_ range: Range<Int64>) {
    source.expect(range.lowerBound + start..<range.upperBound + start)
  }
}
