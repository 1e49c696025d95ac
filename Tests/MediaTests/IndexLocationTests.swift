import Decoding
import Testing

@testable import Media

@Suite struct IndexLocationTests {
  /// Boxes with nothing in them, and which of their bytes have been asked for.
  private final class Boxes: ByteSource {
    private let heads: [Int64: [UInt8]]
    let size: Int64?
    private(set) var offsets: [Int64] = []
    private(set) var expected: Range<Int64>?

    init(_ boxes: [(String, Int64)]) {
      var heads: [Int64: [UInt8]] = [:]
      var offset: Int64 = 0
      for (type, size) in boxes {
        let number = size < 1 << 32 ? UInt64(size) : 1
        var head = (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) } + Array(type.utf8)
        if number == 1 { head += (0..<8).map { UInt8(truncatingIfNeeded: size >> (56 - 8 * $0)) } }
        heads[offset] = head + [UInt8](repeating: 0, count: 16 - head.count)
        offset += size
      }
      self.heads = heads
      size = offset
    }

    func bytes(at offset: Int64, count: Int) throws -> ArraySlice<UInt8> {
      offsets.append(offset)
      return heads[offset]?.prefix(count) ?? []
    }

    func expect(_ range: Range<Int64>) { expected = range }
  }

  static let mega: Int64 = 1 << 20

  static let files: [([(String, Int64)], Range<Int64>?)] = [
    ([("ftyp", 32), ("moov", 5000), ("mdat", 9 * mega)], 32..<5032),
    // Little behind the samples: all of it, without a look.
    ([("ftyp", 32), ("mdat", 9 * mega), ("moov", 5000)], 32 + 9 * mega..<32 + 9 * mega + 5000),
    ([("ftyp", 32), ("mdat", 9 * mega), ("moov", 2 * mega)], 32 + 9 * mega..<32 + 11 * mega),
    ([("ftyp", 32), ("free", 60 * mega), ("mdat", mega), ("moov", 5000)], 32 + 61 * mega..<32 + 61 * mega + 5000),
    ([("ftyp", 32), ("mdat", mega), ("free", 60 * mega), ("moov", 5000)], 32 + 61 * mega..<32 + 61 * mega + 5000),
    ([("ftyp", 32), ("mdat", 9 * mega), ("moov", 5000), ("mdat", 9 * mega)], 32 + 9 * mega..<32 + 9 * mega + 5000),
    (
      [("ftyp", 32)] + Array(repeating: ("mdat", 2 * mega), count: 30) + [("moov", 5000), ("mdat", 9 * mega)],
      32 + 60 * mega..<32 + 60 * mega + 5000
    ),
    ([("ftyp", 32), ("mdat", 10_000_000_000), ("moov", 3 * mega)], 10_000_000_032..<10_000_000_032 + 3 * mega),
    ([("ftyp", 32)] + Array(repeating: ("mdat", 2 * mega), count: 90), nil), ([("ftyp", 32), ("mdat", mega)], nil),
    ([("RIFF", 32)], nil), ([("ftyp", 4)], nil),
  ]

  @Test("the index is found wherever it lies", arguments: files.indices)
  func found(number: Int) throws {
    let (boxes, range) = Self.files[number]
    let source = Boxes(boxes)
    #expect(try IndexLocation.find(in: source)?.range == range)
    // Nothing but heads of boxes, each announced as no more than that.
    #expect(source.offsets.count <= boxes.count + 1)
    #expect(source.expected.map { $0.count <= 16 } ?? true)
  }

  static let followed: [([String], hasFragments: Bool, hasBareFragments: Bool)] = [
    (["mdat"], false, false), (["moof", "mdat"], true, true), (["sidx", "moof", "mdat"], true, false),
    (["free", "sidx", "moof"], true, false), (["uuid", "moof"], true, true), (["prft", "emsg", "moof"], true, true),
    // Segments of a stream, one behind the other: each has a list of its own.
    (["styp", "sidx", "moof", "mdat", "styp", "sidx", "moof"], true, true), (["styp", "moof"], true, true),
    (["free"], false, false),
    ([], false, false),
  ]

  @Test("fragments are seen behind an index", arguments: followed.indices)
  func fragments(number: Int) throws {
    let (boxes, hasFragments, hasBareFragments) = Self.followed[number]
    let source = Boxes([("ftyp", 32), ("moov", 5000)] + boxes.map { ($0, 100) })
    let index = try IndexLocation.find(in: source)?.withFragments(in: source)
    #expect(index?.hasFragments == hasFragments)
    #expect(index?.hasBareFragments == hasBareFragments)
  }
}
