internal import Decoding

/// Finds the index of an ISO base media file (ISO/IEC 14496-12) by walking its top-level boxes, so that it can be fetched in one piece
/// wherever it is. libavformat would read it in steps of its small buffer.
struct IndexLocation {
  /// The bytes of the `moov` box, or all that follows `mdat` if that is little.
  let range: Range<Int64>
  /// Fragments follow the index (ISO/IEC 14496-12, 8.8).
  private(set) var hasFragments = false
  /// Fragments follow, without a list of all of them (`sidx`) before.
  private(set) var hasBareFragments = false
  /// Where lists of such lists are, with which libavformat reads no file.
  private(set) var listsOfLists: [Int64] = []

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
        return IndexLocation(range: offset..<end)
      }
      if box.type == "mdat" {
        guard let size = source.size, end < size else { return nil }
        if size - end <= shortRest { return IndexLocation(range: end..<size) }
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
  ///
  /// In concatenated segments of a stream, each begins with a list of itself (`styp`, `sidx`), which does not cover the others.
  func withFragments(in source: any ByteSource) throws -> IndexLocation {
    var found = self
    var (offset, isPart) = (range.upperBound, false)
    while offset - range.upperBound <= Self.shortGap {
      guard let box = try BoxHeader.read(at: offset, in: source), let body = box.body else { break }
      switch box.type {
      case "sidx" where try Self.listsLists(body, in: source):
        found.listsOfLists.append(offset)
        isPart = true
      case "moof", "sidx":
        (found.hasFragments, found.hasBareFragments) = (true, isPart || box.type == "moof")
        return found
      case "styp": isPart = true
      case "free", "skip", "uuid", "emsg", "prft": break
      default: return found
      }
      offset = body.upperBound
    }
    return found
  }

  /// Whether a list of fragments (8.16.3) names other lists: the first bit of an entry says so.
  private static func listsLists(_ list: Range<Int64>, in source: any ByteSource) throws -> Bool {
    let bytes = try source.upTo(Int(min(list.upperBound - list.lowerBound, shortGap)), at: list.lowerBound)
    // Version 1 has times of eight bytes.
    let first = bytes.first == 1 ? 32 : 24
    return stride(from: first, to: bytes.count, by: 12).contains { bytes[$0] & 0x80 != 0 }
  }
}
