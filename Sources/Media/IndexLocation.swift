internal import Decoding

/// Finds the index of an ISO base media file (ISO/IEC 14496-12) by walking its top-level boxes, so that it can be fetched in one piece
/// wherever it is. libavformat would read it in steps of its small buffer.
struct IndexLocation {
  /// The bytes of the `moov` box, or all that follows `mdat` if that is little.
  let range: Range<Int64>
  /// Fragments follow the index (ISO/IEC 14496-12, 8.8).
  let hasFragments: Bool
  /// Fragments follow, without a list of them (`sidx`) before.
  let hasBareFragments: Bool

  /// The most boxes to look at. If the index comes later, libavformat reads it in its own way.
  private static let maximumBoxes = 64
  /// If at most so many bytes follow `mdat`, they are taken for the index without a look at them.
  private static let shortRest: Int64 = 1 << 20
  /// The most bytes between an index and the first fragment.
  private static let shortGap: Int64 = 16 * 1024
  private static let headerBytes: Int64 = 16
  private static let first: Set<String> = ["ftyp", "moov", "mdat", "free", "skip", "wide", "pnot", "uuid"]

  /// - Returns: nil for other kinds of files.
  static func find(in source: any ByteSource) throws -> IndexLocation? {
    var offset: Int64 = 0
    for number in 0..<maximumBoxes {
      source.expect(offset..<offset + headerBytes)
      guard let box = try BoxHeader.read(at: offset, in: source) else { return nil }
      if number == 0, !first.contains(box.type) { return nil }
      let end = box.body?.upperBound ?? source.size ?? 0
      guard end > offset else { return nil }
      if box.type == "moov" {
        return IndexLocation(range: offset..<end, hasFragments: false, hasBareFragments: false)
      }
      if box.type == "mdat" {
        guard let size = source.size, end < size else { return nil }
        if size - end <= shortRest { return IndexLocation(range: end..<size, hasFragments: false, hasBareFragments: false) }
      }
      offset = end
    }
    return nil
  }

  /// Whether the index is there from its beginning to its end; nil if there is none, or the size of the file is not known.
  static func isWhole(in source: any ByteSource) throws -> Bool? {
    guard let size = source.size, var place = try find(in: source)?.range.lowerBound else { return nil }
    for _ in 0..<maximumBoxes {
      guard let box = try BoxHeader.read(at: place, in: source) else { return nil }
      let end = box.body?.upperBound ?? size
      if box.type == "moov" { return end <= size }
      place = end
    }
    return nil
  }

  /// The sentence about a file that ends within its index: what libavformat makes of the rest says nothing of the video.
  static func sentence(in source: any ByteSource) throws -> String? {
    try isWhole(in: source) == false ? ForeignFile.lacksIndex : nil
  }

  /// Adds what is known of fragments after the index. Worth a read only if the index announces them (`mvex`).
  func withFragments(in source: any ByteSource) throws -> IndexLocation {
    let found = try Self.fragments(at: range.upperBound, in: source)
    return IndexLocation(range: range, hasFragments: found != nil, hasBareFragments: found == .bare)
  }

  private enum Fragments { case listed, bare }

  /// What follows an index: fragments, a list of them, or neither. In concatenated segments of a stream, each begins with a list of itself
  /// (`styp`, `sidx`), which does not cover the others.
  private static func fragments(at end: Int64, in source: any ByteSource) throws -> Fragments? {
    var (offset, isSegment) = (end, false)
    while offset - end <= shortGap {
      guard let box = try BoxHeader.read(at: offset, in: source), let body = box.body else { return nil }
      switch box.type {
      case "moof": return .bare
      case "sidx": return isSegment ? .bare : .listed
      case "styp": isSegment = true
      case "free", "skip", "uuid", "emsg", "prft": break
      default: return nil
      }
      offset = body.upperBound
    }
    return nil
  }
}
