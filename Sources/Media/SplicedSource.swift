internal import Decoding

/// Another source in which a long range is presented as one element that demuxers skip. Offsets stay the same, and the range is not read.
final class SplicedSource: ByteSource {
  private let source: any ByteSource
  private let element: Range<Int64>
  private let header: [UInt8]

  /// - Parameters:
  ///   - skipped: the range to skip.
  ///   - kind: the kind of pieces the file has.
  init(_ source: any ByteSource, skipping skipped: Range<Int64>, kind: PieceSearch) {
    self.source = source
    header = kind.void(bytes: skipped.upperBound - skipped.lowerBound)
    element = skipped.lowerBound..<skipped.lowerBound + Int64(header.count)
  }

  var size: Int64? { source.size }

  func bytes(at offset: Int64, count: Int) throws -> ArraySlice<UInt8> {
    if element.contains(offset) { return header[Int(offset - element.lowerBound)...].prefix(count) }
    let limit = offset < element.lowerBound ? Int(clamping: element.lowerBound - offset) : count
    return try source.bytes(at: offset, count: min(count, limit))
  }

  func expect(_ range: Range<Int64>) { source.expect(range) }
}
