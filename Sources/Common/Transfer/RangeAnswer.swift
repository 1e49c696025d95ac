/// What an answer to a request for bytes of a file holds, by its head alone.
///
/// Servers give less than was asked for, more, from an earlier byte, everything, or compressed: whatever holds the first byte that was
/// asked for is of use.
enum RangeAnswer: Equatable {
  /// Bytes of the file: the body's first is the byte `bounds.lowerBound` of it.
  case part(bounds: ClosedRange<Int64>, size: Int64?)
  /// The file from its beginning to its end.
  case whole(size: Int64?)
  /// Compressed on its way: of such a file only all of it can be decoded.
  case encoded
  /// The range is not to be had (416, or a 206 without a byte).
  case unsatisfiable(size: Int64?)
  /// No range is to be had (405, 501), the whole file perhaps.
  case refused
  /// Bytes, but not those asked for, or nobody knows which.
  case misplaced
  /// No bytes of the file.
  case other

  /// - Parameters:
  ///   - asked: the range that was asked for; nil where the whole file was.
  ///   - isDecoded: whether a compressed body has been decoded by libcurl.
  init(_ head: HTTPResponse, asked: Range<Int64>?, isDecoded: Bool) {
    let range = ContentRange(head.headers["content-range"])
    let length = head.headers["content-length"].flatMap { Int64($0) }.flatMap {
      (0...ContentRange.maximum).contains($0) ? $0 : nil
    }
    switch head.status {
    case 200, 203, 206:
      let isCompressed = Self.isCompressed(head)
      if isCompressed && (!isDecoded || head.status == 206) {
        self = .encoded
      } else if let range, let bounds = range.bounds, head.status == 206 || length != range.size {
        self = Self.part(bounds, size: range.size, asked: asked)
      } else if head.status == 206 {
        // Without a byte: nothing is there, said in another way.
        self = length == 0 ? .unsatisfiable(size: nil) : .misplaced
      } else {
        self = .whole(size: isCompressed ? nil : length)
      }
    case 416: self = .unsatisfiable(size: range?.size)
    case 405, 501: self = asked == nil ? .other : .refused
    default: self = .other
    }
  }

  private static func part(_ answered: ClosedRange<Int64>, size: Int64?, asked: Range<Int64>?) -> RangeAnswer {
    var bounds = answered
    if let size {
      guard bounds.lowerBound < size else { return .misplaced }
      bounds = bounds.lowerBound...min(bounds.upperBound, size - 1)
    }
    let isWhole = bounds.lowerBound == 0 && bounds.upperBound + 1 == size
    guard let asked else { return isWhole ? .whole(size: size) : .misplaced }
    guard bounds.contains(asked.lowerBound) else { return .misplaced }
    // Asked for a later byte and beginning at the first: it does not know ranges.
    return isWhole && asked.lowerBound > 0 ? .whole(size: size) : .part(bounds: bounds, size: size)
  }

  /// Codings that are something else (`aws-chunked`, `none`, a character set) are left on files by mistake and change nothing.
  private static func isCompressed(_ head: HTTPResponse) -> Bool {
    (head.headers["content-encoding"] ?? "").lowercased().split { $0 == "," || $0 == " " }
      .contains { ["gzip", "x-gzip", "deflate", "br", "zstd"].contains($0) }
  }
}
