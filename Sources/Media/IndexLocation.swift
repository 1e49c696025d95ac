internal import Decoding

/// Finds the index of an ISO base media file (ISO/IEC 14496-12) by walking its top-level boxes, so that it is fetched in one
/// piece wherever it lies. libavformat would read it in steps of its small buffer.
struct IndexLocation {
  /// The bytes of the `moov` box; where only the end of `mdat` is known, all that follows it.
  let range: Range<Int64>
  /// Fragments follow (ISO/IEC 14496-12, 8.8).
  let hasFragments: Bool
  /// Fragments follow, and no list of them (`sidx`) before.
  let hasBareFragments: Bool

  /// The index of a fragmented file lists no samples and is short; behind a longer one it is not worth a look.
  private static let shortIndex: Int64 = 64 * 1024
  /// Boxes looked at before giving up: a file whose index comes later is read as libavformat likes.
  private static let maximumBoxes = 16
  private static let first: Set<String> = ["ftyp", "moov", "mdat", "free", "skip", "wide", "pnot", "uuid"]

  /// - Returns: nil for files of another kind.
  static func find(in source: any ByteSource) throws -> IndexLocation? {
    var offset: Int64 = 0
    for number in 0..<maximumBoxes {
      guard let box = try BoxHeader.read(at: offset, in: source) else { return nil }
      if number == 0, !first.contains(box.type) { return nil }
      let end = box.body?.upperBound ?? source.size ?? 0
      guard end > offset else { return nil }
      if box.type == "moov" {
        let next = end - offset <= shortIndex ? try BoxHeader.read(at: end, in: source) : nil
        return IndexLocation(
          range: offset..<end, hasFragments: next?.type == "moof" || next?.type == "sidx",
          hasBareFragments: next?.type == "moof")
      }
      // Behind the samples there is next to nothing but the index.
      if box.type == "mdat" {
        return source.size.flatMap {
          end < $0 ? IndexLocation(range: end..<$0, hasFragments: false, hasBareFragments: false) : nil
        }
      }
      offset = end
    }
    return nil
  }
}
