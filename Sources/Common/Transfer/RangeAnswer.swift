/// What the head of an answer to a range request tells of its body.
///
/// Servers answer with less than was asked for, more, an earlier part, everything, or compressed bytes. Whatever contains the first byte
/// that was asked for can be used.
enum RangeAnswer: Equatable {
  /// A part of the file. The first byte of the body is the one at `bounds.lowerBound`.
  case part(bounds: ClosedRange<Int64>, size: Int64?)
  /// The whole file.
  case whole(size: Int64?)
  /// A part, though none was asked for, and no word of which: the whole file, or its beginning.
  case unplaced
  /// A compressed body, which can be decoded only if it is the whole file.
  case encoded
  /// The range does not exist (416, or a 206 without a byte).
  case unsatisfiable(size: Int64?)
  /// The server does not serve ranges (405, 501), or not such ones (400), but may serve others, or the whole file.
  case refused
  /// Bytes of the file, but not those asked for, or from an unknown place.
  case misplaced
  /// An answer without bytes of the file.
  case other

  /// - Parameters:
  ///   - asked: the range that was asked for; nil for the whole file.
  ///   - isDecoded: whether libcurl has decoded a compressed body.
  init(_ head: HTTPResponse, asked: Range<Int64>?, isDecoded: Bool) {
    // The parts of a multipart body have heads of their own before their bytes.
    let isMultipart = head.headers["content-type"]?.lowercased().hasPrefix("multipart/byteranges") ?? false
    let range = isMultipart ? nil : ContentRange(head.headers["content-range"])
    // Beside a transfer coding the length means nothing (RFC 9112, 6.3).
    let isCoded = (head.headers["transfer-encoding"] ?? "identity").lowercased() != "identity"
    let length = head.headers["content-length"].flatMap { Int64($0) }.flatMap {
      !isCoded && (0...ContentRange.maximum).contains($0) ? $0 : nil
    }
    switch head.status {
    case 200, 203, 206:
      let isCompressed = Self.isCompressed(head)
      if isCompressed && (!isDecoded || head.status == 206) {
        self = .encoded
      } else if let range, let bounds = range.bounds, head.status == 206 || length != range.size {
        self = Self.part(bounds, size: range.size, asked: asked)
      } else if head.status == 206 {
        // A part without a byte is another way to say that nothing is there.
        let isUnplaced = asked == nil && !isMultipart && head.headers["content-range"] == nil
        self = length == 0 ? .unsatisfiable(size: nil) : isUnplaced ? .unplaced : .misplaced
      } else {
        self = .whole(size: isCompressed ? nil : length)
      }
    case 416: self = .unsatisfiable(size: range?.size)
    case 400, 405, 501: self = asked == nil ? .other : .refused
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
    // A later byte was asked for and the answer begins with the first: the server ignores ranges.
    return isWhole && asked.lowerBound > 0 ? .whole(size: size) : .part(bounds: bounds, size: size)
  }

  /// Other codings (`aws-chunked`, `none`, a character set) are set on files by mistake and change nothing.
  private static func isCompressed(_ head: HTTPResponse) -> Bool {
    (head.headers["content-encoding"] ?? "").lowercased().split { $0 == "," || $0 == " " }
      .contains { ["gzip", "x-gzip", "deflate", "br", "zstd"].contains($0) }
  }
}
